package io.adit.proxy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import io.adit.api.ErrorCode;
import io.adit.api.Invitation;
import io.adit.api.MessageStream;
import io.adit.api.PeerManager;
import io.adit.api.PeerSession;
import io.adit.api.PeerUnavailableException;
import io.adit.api.Quota;
import io.adit.api.RegistrationManager;
import io.adit.api.SessionInfo;
import io.adit.api.Terms;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.Packet.RequestHead;

/** One session, the name "demo"; the name "away" is registered and never connected. Tests take the streams that the proxy opened. */
final class FakePeers implements PeerManager, RegistrationManager, PeerSession {

    final BlockingQueue<FakeStream> opened = new LinkedBlockingQueue<>();
    final AtomicInteger ids = new AtomicInteger();
    volatile PeerUnavailableException unavailable;
    volatile CompletableFuture<ErrorCode> closed = new CompletableFuture<>();
    /** A permit for each time that somebody asked for the end. */
    final Semaphore closedAsked = new Semaphore(0);
    /** Another peer of the same name; null where there is none. */
    volatile PeerSession other;
    /** Answers at once, on the executor, where set. */
    volatile Consumer<FakeStream> handler;
    volatile Quota quota = Quota.UNLIMITED;
    volatile CompletableFuture<Optional<PeerSession>> comeBack = CompletableFuture.completedFuture(Optional.empty());
    private final Executor executor;
    private final Set<String> names = Set.of("demo", "away", "back");

    FakePeers(Executor executor) {
        this.executor = executor;
    }

    FakeStream next() throws InterruptedException {
        FakeStream stream = opened.poll(FakeStream.WAIT_SECONDS, TimeUnit.SECONDS);
        if (stream == null) {
            throw new AssertionError("no stream was opened");
        }
        return stream;
    }

    @Override
    public MessageStream open(RequestHead head, ByteBuffer data, boolean last) throws PeerUnavailableException {
        if (unavailable != null) {
            throw unavailable;
        }
        FakeStream stream = new FakeStream(ids.incrementAndGet(), head, data, last, executor);
        Consumer<FakeStream> answers = handler;
        if (answers == null) {
            opened.add(stream);
        } else {
            executor.execute(() -> answers.accept(stream));
        }
        return stream;
    }

    @Override
    public Optional<PeerSession> find(String name) {
        return name.equals("demo") ? Optional.of(this) : Optional.empty();
    }

    @Override
    public Optional<PeerSession> other(String name, PeerSession than) {
        return Optional.ofNullable(other).filter(each -> each != than);
    }

    @Override
    public int load() {
        return unavailable == null ? 0 : -1;
    }

    @Override
    public CompletionStage<Optional<PeerSession>> await(String name) {
        return name.equals("demo") ? CompletableFuture.completedFuture(Optional.of(this)) : comeBack;
    }

    @Override
    public boolean isRegistered(String name) {
        return names.contains(name);
    }

    @Override
    public int codec() {
        return 2;
    }

    @Override
    public String id() {
        return "fake";
    }

    @Override
    public void attach(String name, PeerSession session) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, List<PeerSession>> connected() {
        return Map.of("demo", List.of(this));
    }

    @Override
    public CompletionStage<Void> drainAll(Duration deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Registered register(Register register, byte[] transcript, String remote) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Invitation invite(String name, Terms terms) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Terms change(String name, UnaryOperator<Terms> change) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Quota quota(String name) {
        return quota;
    }

    @Override
    public Optional<NameInfo> name(String name) {
        return Optional.empty();
    }

    @Override
    public void rename(String from, String to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean release(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Released> released() {
        return List.of();
    }

    @Override
    public boolean revoke(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<NameInfo> names() {
        return List.of();
    }

    @Override
    public CompletionStage<Void> drain(Duration deadline, ErrorCode code) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close(ErrorCode code, String reason) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<ErrorCode> closed() {
        CompletableFuture<ErrorCode> now = closed;
        closedAsked.release();
        return now;
    }

    @Override
    public Fields details() {
        return Fields.EMPTY;
    }

    @Override
    public SessionInfo info() {
        throw new UnsupportedOperationException();
    }
}
