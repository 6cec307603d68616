package io.adit.tunnel.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.adit.api.CodecListener;
import io.adit.api.ErrorCode;
import io.adit.api.MessageStream;
import io.adit.api.PeerSession;
import io.adit.api.PeerUnavailableException;
import io.adit.api.RequestHandler;
import io.adit.api.SessionInfo;
import io.adit.api.StreamInfo;
import io.adit.api.StreamResetException;
import io.adit.api.packet.CodecException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.api.packet.Packet.Trailers;
import io.adit.api.packet.PacketCodec;
import io.adit.tunnel.Transport;
import io.adit.tunnel.TransportListener;
import io.adit.tunnel.Tunnel.PeerSide;
import io.adit.tunnel.Tunnel.ProxySide;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session: takes frames apart by type, keeps the table of streams, and ends in an orderly way. Either side of the wire.
 *
 * <p>Thread-safety: one lock guards the session, its streams and its flusher. It is held for table look-ups and copies of at most one
 * write's bytes, never over I/O or a callback (law L5). Frames come on the transport's reading thread, which does no more than that (L2).
 */
final class Session implements PeerSession, TransportListener, FrameReader.Sink {

    private enum State { HANDSHAKE, OPEN, CLOSING, CLOSED }

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final AtomicLong IDS = new AtomicLong();
    private static final int MAX_STREAM_ID = 1 << 30;
    /** How long the last streams of a session that ran out of ids may take: its name is served by the next session only then. */
    private static final Duration ID_DRAIN = Duration.ofSeconds(30);
    static final long TICK_MILLIS = 500;
    private static final long CLOSE_DEADLINE_MILLIS = 2000;
    private static final int MAX_REASON = 256;
    /** The {@link #load} of a session that takes no streams. */
    private static final int NO_LOAD = -1;
    /** Tasks of one read or write that share a thread: each is short, and with more they would wait for each other. */
    private static final int SHARE = 8;

    private final Object lock = new Object();
    private final String id = "s" + IDS.incrementAndGet();
    private final Transport transport;
    private final Limits limits;
    private final CreditPool pool;
    private final CodecSwitch codecs;
    private final Executor executor;
    private final Executor registrar;
    private final ScheduledExecutorService timer;
    private final ProxySide proxySide;
    private final PeerSide peerSide;
    private final FrameReader reader = new FrameReader(this);
    private final Flusher flusher;
    private final Handshake handshake;
    private final KeepAlive keepAlive;
    private final FloodGuard floodGuard;
    private final RoundTrip roundTrip = new RoundTrip();
    private final Map<Integer, TunnelStream> streams = new HashMap<>();
    private final CompletableFuture<ErrorCode> closed = new CompletableFuture<>();
    /** What everybody is given, once: each copy would stay with a session that may last for months. */
    private final CompletableFuture<ErrorCode> ended = closed.copy();
    private final Figures figures;
    private final Runnable onCodecMoved;
    private final CodecListener onSwitched;
    /** The version that listeners know of; negative before there is one. */
    private int toldCodec = -1;
    /** The end of the last callback about the session itself: they come one after the other. */
    private CompletableFuture<Void> lifecycle = CompletableFuture.completedFuture(null);

    /** The thread that is in {@link #received} now, and the tasks that arose there (confined to it). */
    private volatile Thread readingThread;
    private final List<Runnable> arisen = new ArrayList<>();

    private State state = State.HANDSHAKE;
    private String name = "";
    private Fields details = Fields.EMPTY;
    private Hello remote;
    private Instant since = Instant.now();
    private int nextId = 1;
    private int lastAccepted;
    /** The highest id that came in a REQUEST, accepted or not: what S1 and S4 go by. */
    private int lastSeen;
    private boolean draining;
    /** The peer was told to go elsewhere, and still gets requests. */
    private boolean moving;
    private int remoteLast = Integer.MAX_VALUE;
    private ErrorCode endCode;
    private boolean endRemote;
    private String endReason = "";
    private ScheduledFuture<?> ticks;
    private ScheduledFuture<?> handshakeDeadline;
    /** While a direction is parked, else null. */
    private ScheduledFuture<?> parkDeadline;
    /** While the other side has not left a codec version that was taken back, else null. */
    private ScheduledFuture<?> leaveDeadline;
    /** Of drains and of the end: an ended session must not be held by them. */
    private final List<ScheduledFuture<?>> deadlines = new ArrayList<>(2);

    /** What {@link #load} tells; written with the lock held. */
    private volatile int load = NO_LOAD;
    private long totalStreams;
    private long bytesIn;
    private long bytesOut;
    private long dataIn;
    private long movedAtTick;
    private long pingOpaque;
    private long pingSentAt;

    Session(TunnelComponent tunnel, Transport transport, byte[] fingerprint, ProxySide proxySide, PeerSide peerSide) {
        this.transport = transport;
        this.limits = tunnel.limits();
        // a peer has one proxy, and promises it credit in its hello; a proxy has many peers, and none may take it all
        this.pool = proxySide == null ? tunnel.pool() : new CreditPool(tunnel.pool(), limits.pool() / 2);
        Map<Integer, PacketCodec> offered = tunnel.codecs().accepted();
        this.codecs = new CodecSwitch(tunnel.codecs(), offered, proxySide != null, (type, payload) -> sendControl(type, 0, 0, payload));
        this.onCodecMoved = tunnel::codecMoved;
        this.onSwitched = tunnel::switched;
        this.executor = tunnel.executor();
        this.registrar = tunnel.registrar();
        this.timer = tunnel.timer();
        this.figures = tunnel.figures();
        this.proxySide = proxySide;
        this.peerSide = peerSide;
        this.flusher = new Flusher(this, transport, tunnel.buffers());
        this.keepAlive = new KeepAlive(limits.timing(), now());
        this.floodGuard = new FloodGuard(limits.controlRate(), now());
        this.handshake = new Handshake(this, limits, List.copyOf(offered.keySet()), fingerprint, proxySide, peerSide);
    }

    void start() {
        synchronized (lock) {
            handshakeDeadline = timer.schedule(() -> end(ErrorCode.HANDSHAKE_TIMEOUT, ""), limits.handshake(), TimeUnit.NANOSECONDS);
        }
        handshake.start();
    }

    // ---- what the parts share

    Object lock() {
        return lock;
    }

    Flusher flusher() {
        return flusher;
    }

    /** What this side sends with; null while its direction is parked. */
    PacketCodec encoder() {
        return codecs.encoder();
    }

    /** What the other side sends with. */
    PacketCodec decoder() {
        return codecs.decoder();
    }

    /** The epoch of what is sent. */
    int epoch() {
        return codecs.encoderEpoch();
    }

    long now() {
        return System.nanoTime();
    }

    long roundTripNanos() {
        return roundTrip.nanos();
    }

    /** Runs it on the executor; tasks that arise while bytes are read wait for the end of that read, to go there together. */
    void execute(Runnable task) {
        if (Thread.currentThread() == readingThread) {
            arisen.add(task);
        } else {
            hand(task);
        }
    }

    /** Many at once: waking a thread costs more than most of them do, so a few share one. */
    void execute(List<Runnable> tasks) {
        for (int at = 0; at < tasks.size(); at += SHARE) {
            List<Runnable> few = tasks.subList(at, Math.min(at + SHARE, tasks.size()));
            hand(few.size() == 1 ? few.get(0) : () -> runAll(few));
        }
    }

    private void runAll(List<Runnable> tasks) {
        for (Runnable task : tasks) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("session={} name={} a callback failed", id, name, e);
            }
        }
    }

    private void hand(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("session={} a task after the tunnel was stopped", id, e);
        }
    }

    /** For what is said about the session itself: in order, one at a time. */
    void lifecycle(Runnable task) {
        synchronized (lock) {
            lifecycle = lifecycle.thenRunAsync(task, this::execute).exceptionally(e -> {
                LOG.error("session={} name={} a listener failed", id, name, e);
                return null;
            });
        }
    }

    /** For the proxy's check of a registration, which may wait for a store or a name server: never on the streams' threads. */
    void register(Runnable task) {
        registrar.execute(task);
    }

    void sent(int bytes) {
        bytesOut += bytes;
    }

    void progress() {
        keepAlive.progress(now());
    }

    /** The hellos are exchanged; false when there is no common codec version. */
    boolean negotiated(Hello theirs) {
        synchronized (lock) {
            remote = theirs;
            return codecs.begin(theirs.codecs());
        }
    }

    /** Out of the handshake; false when the session ended meanwhile. */
    boolean open(String registeredName, Fields said, Runnable locked) {
        synchronized (lock) {
            if (state != State.HANDSHAKE) {
                return false;
            }
            state = State.OPEN;
            figures.opened();
            name = registeredName;
            details = said;
            since = Instant.now();
            reckon();
            locked.run();
            reader.trust();
            handshakeDeadline.cancel(false);
            ping();
            codecs.update(); // what came or went since our hello
            watchCodecs();
            ticks = timer.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
        onCodecMoved.run();
        flusher.flush();
        return true;
    }

    void sendControl(int type, int flags, int stream, ByteBuffer payload) {
        ByteBuffer frame = ByteBuffer.allocate(Wire.HEADER + payload.remaining());
        synchronized (lock) {
            Wire.header(frame, payload.remaining(), type, flags, epoch(), stream);
            flusher.control(frame.put(payload).flip());
        }
    }

    void sendReset(int stream, ErrorCode code, int flags, String reason) {
        byte[] text = reason(reason);
        sendControl(Wire.RESET, flags, stream, ByteBuffer.allocate(2 + text.length).putShort((short) code.code()).put(text).flip());
    }

    // ---- PeerSession

    @Override
    public String id() {
        return id;
    }

    @Override
    public MessageStream open(RequestHead head, ByteBuffer data, boolean last) throws PeerUnavailableException {
        ByteBuffer first = data == null || !data.hasRemaining() ? null : ByteBuffer.allocate(data.remaining()).put(data).flip();
        TunnelStream stream;
        synchronized (lock) {
            if (proxySide == null) {
                throw new PeerUnavailableException(ErrorCode.REFUSED, "only a proxy opens streams");
            }
            if (state != State.OPEN || draining || remoteLast != Integer.MAX_VALUE) {
                throw new PeerUnavailableException(ErrorCode.SHUTDOWN, "the session is " + stateName());
            }
            if (streams.size() >= mostStreams()) {
                throw new PeerUnavailableException(ErrorCode.REFUSED, "too many requests at a time");
            }
            int window = pool.reserveInitial(Limits.LEAST_WINDOW, limits.initialWindow());
            if (window == 0) {
                throw new PeerUnavailableException(ErrorCode.REFUSED, "no memory for a response");
            }
            int streamId = nextId;
            nextId += 2;
            stream = new TunnelStream(this, streamId, head, new SendWindow(remote.window()),
                    new ReceiveWindow(pool, window, limits.maxWindow(), now()), InboundPhase.HEAD, false);
            streams.put(streamId, stream);
            reckon();
            totalStreams++;
            stream.open(head, first, last);
            if (nextId > MAX_STREAM_ID) { // PROTOCOL S2
                startDrain(ErrorCode.SHUTDOWN, ID_DRAIN);
            }
        }
        flusher.flush();
        return stream;
    }

    @Override
    public CompletionStage<Void> drain(Duration deadline, ErrorCode code) {
        synchronized (lock) {
            if (state == State.OPEN && !draining) {
                startDrain(code, deadline);
            } else if (state == State.OPEN) {
                endAt(code, deadline); // again, in more of a hurry perhaps: the earlier deadline counts
            } else if (state == State.HANDSHAKE) {
                execute(() -> end(code, ""));
            }
        }
        flusher.flush();
        return closed.thenAccept(ended -> { });
    }

    @Override
    public void moveOn(Duration linger, Duration deadline) {
        synchronized (lock) {
            if (proxySide == null || state != State.OPEN || draining || moving) {
                return;
            }
            moving = true; // PROTOCOL D6
            goAway(ErrorCode.MOVED, Math.max(1, linger.plus(deadline).toMillis()), "");
            deadlines.add(timer.schedule(() -> drain(deadline, ErrorCode.MOVED), linger.toMillis(), TimeUnit.MILLISECONDS));
        }
        flusher.flush();
    }

    private void startDrain(ErrorCode code, Duration deadline) {
        draining = true;
        reckon();
        endCode = code;
        goAway(code, Math.max(1, deadline.toMillis()), "");
        endAt(code, deadline);
        endIfDrained();
    }

    /**
     * D3: the proxy ends a drain, whoever began it, since it is the proxy that receives the last bytes. Would the peer close, and had the
     * proxy sent anything that the peer did not read, TCP would throw away what is still on its way.
     */
    private void endIfDrained() {
        boolean goingAway = draining || remoteLast != Integer.MAX_VALUE;
        if (goingAway && proxySide != null && streams.isEmpty() && state == State.OPEN) {
            ErrorCode code = endCode;
            execute(() -> end(code, endReason));
        }
    }

    private void endAt(ErrorCode code, Duration deadline) {
        deadlines.add(timer.schedule(() -> end(code, "drain deadline"), deadline.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public void close(ErrorCode code, String reason) {
        end(code, reason);
    }

    @Override
    public CompletionStage<ErrorCode> closed() {
        return ended;
    }

    @Override
    public Fields details() {
        synchronized (lock) {
            return details;
        }
    }

    @Override
    public int load() {
        return load;
    }

    /** With the lock held, after whatever changes it. */
    private void reckon() {
        if (state != State.OPEN || draining || remoteLast != Integer.MAX_VALUE) {
            load = NO_LOAD;
        } else {
            load = streams.size() < mostStreams() ? streams.size() : Integer.MAX_VALUE;
        }
    }

    private int mostStreams() {
        return Math.min(limits.maxStreams(), remote.maxStreams());
    }

    @Override
    public int codec() {
        PacketCodec encoder = codecs.encoder();
        return encoder == null ? 0 : encoder.version();
    }

    @Override
    public SessionInfo info() {
        synchronized (lock) {
            return new SessionInfo(id, transport.remote(), since, codec(), roundTrip.nanos() / 1000, streams.size(),
                    totalStreams, bytesIn, bytesOut, stateName());
        }
    }

    @Override
    public List<StreamInfo> streams(int most) {
        synchronized (lock) {
            long now = now();
            return streams.values().stream().sorted(Comparator.comparingInt(TunnelStream::messageBoxId)).limit(most).map(each -> each.info(now)).toList();
        }
    }

    private String stateName() {
        return switch (state) {
            case HANDSHAKE -> "connecting";
            case OPEN -> draining || remoteLast != Integer.MAX_VALUE ? "draining" : "open";
            case CLOSING, CLOSED -> "closed";
        };
    }

    // ---- TransportListener

    @Override
    public void received(ByteBuffer data) {
        synchronized (lock) {
            bytesIn += data.remaining();
            keepAlive.inbound(now());
        }
        readingThread = Thread.currentThread();
        try {
            reader.read(data);
        } catch (ProtocolViolation e) {
            end(e.code(), e.getMessage());
        } catch (RuntimeException e) {
            failed("reading", e);
        } finally {
            readingThread = null;
        }
        if (!arisen.isEmpty()) {
            execute(List.copyOf(arisen));
            arisen.clear();
        }
        flusher.flush();
    }

    @Override
    public void closed(Throwable cause) {
        lost(cause);
    }

    // ---- FrameReader.Sink: every frame, on the reading thread

    @Override
    public void frame(int type, int flags, int frameEpoch, int stream, ByteBuffer payload) throws ProtocolViolation {
        synchronized (lock) {
            if (state == State.CLOSED || state == State.CLOSING && type != Wire.GOAWAY) {
                return;
            }
            if (!Wire.isKnown(type) && type >= Wire.SKIPPABLE && handshake.isDone()) {
                floodable(); // PROTOCOL F6
                return;
            }
            if (frameEpoch != codecs.decoderEpoch() && type != Wire.GOAWAY) { // PROTOCOL F7
                throw new ProtocolViolation("F7", Wire.name(type) + " of epoch " + frameEpoch + ", not " + codecs.decoderEpoch());
            }
            if (Wire.needsCodec(type) && handshake.isDone() && codecs.decoder() == null) { // PROTOCOL X8
                throw new ProtocolViolation("X8", Wire.name(type) + " of a parked direction");
            }
            boolean ofStream = type >= Wire.REQUEST && type <= Wire.RESET;
            if (ofStream != (stream != 0)) { // PROTOCOL F5
                throw new ProtocolViolation("F5", Wire.name(type) + " with message box id " + stream);
            }
        }
        if (type == Wire.GOAWAY) {
            goneAway(payload);
        } else if (!handshake.isDone()) {
            handshake.frame(type, payload);
        } else {
            switch (type) {
                case Wire.REQUEST -> request(stream, (flags & Wire.END) != 0, payload);
                case Wire.RESPONSE -> head(Packet.Kind.RESPONSE, stream, (flags & Wire.END) != 0, payload);
                case Wire.TRAILERS -> head(Packet.Kind.TRAILERS, stream, true, payload);
                case Wire.DATA -> data(stream, flags, payload);
                case Wire.WINDOW -> window(stream, payload);
                case Wire.RESET -> reset(stream, flags, payload);
                case Wire.PING -> pinged((flags & Wire.ACK) != 0, payload);
                case Wire.CODEC_OFFER, Wire.CODEC_DECLINE, Wire.CODEC_READY, Wire.CODEC_SWITCH -> codec(type, payload);
                default -> throw new ProtocolViolation("F6", "unexpected " + Wire.name(type));
            }
        }
    }

    private void request(int stream, boolean end, ByteBuffer payload) throws ProtocolViolation {
        if (peerSide == null || stream % 2 == 0 || stream <= lastSeen || payload.remaining() < 4) { // PROTOCOL S1
            throw new ProtocolViolation("S1", "REQUEST with message box id " + stream + " after " + lastSeen);
        }
        int window = payload.getInt();
        Packet packet = decode(Packet.Kind.REQUEST, payload);
        RequestHandler handler = peerSide.handler();
        TunnelStream opened;
        synchronized (lock) {
            if (window < 0) {
                throw new ProtocolViolation("W1", "a window above 2^31-1");
            }
            if (state != State.OPEN) {
                return; // it ended between frame() and here: nobody would fail this stream
            }
            lastSeen = stream;
            lastAccepted = stream;
            if (packet == null) {
                floodable();
                sendReset(stream, ErrorCode.PROTOCOL, Wire.NOT_PROCESSED, "malformed request");
                return;
            }
            if (handler == null || streams.size() >= limits.maxStreams() || !pool.reserve(limits.uploadWindow())) {
                sendReset(stream, ErrorCode.REFUSED, Wire.NOT_PROCESSED, handler == null ? "nobody answers requests" : "too many requests at a time");
                return;
            }
            opened = new TunnelStream(this, stream, (RequestHead) packet, new SendWindow(window),
                    new ReceiveWindow(pool, limits.uploadWindow(), limits.maxWindow(), now()), InboundPhase.BODY, true);
            streams.put(stream, opened);
            totalStreams++;
            if (end) {
                opened.requestEnded();
            }
        }
        execute(() -> {
            if (opened.isFailed()) {
                return; // reset before anybody looked at it
            }
            try {
                handler.handle((RequestHead) packet, end, opened);
            } catch (RuntimeException e) {
                LOG.error("session={} box={} the request handler failed", id, stream, e);
                opened.reset(ErrorCode.INTERNAL, "request handler");
            }
        });
    }

    private void head(Packet.Kind kind, int stream, boolean end, ByteBuffer payload) throws ProtocolViolation {
        if (kind == Packet.Kind.RESPONSE && proxySide == null) {
            throw new ProtocolViolation("S1", "RESPONSE to a peer");
        }
        synchronized (lock) {
            if (find(stream) == null) {
                return;
            }
        }
        Packet packet = decode(kind, payload);
        synchronized (lock) {
            TunnelStream target = find(stream);
            if (target == null) {
                return;
            }
            String broken = packet == null ? "malformed " + kind
                    : packet instanceof ResponseHead head ? target.receivedHead(head, end) : target.receivedTrailers(((Trailers) packet).fields());
            streamViolation(target, packet == null ? ErrorCode.ORIGIN_BROKEN : ErrorCode.PROTOCOL, broken);
        }
    }

    private void data(int stream, int flags, ByteBuffer payload) throws ProtocolViolation {
        boolean end = (flags & Wire.END) != 0;
        int received = payload.remaining();
        ByteBuffer bytes = payload;
        if (received > 0 && transformsData()) {
            synchronized (lock) {
                if (find(stream) == null) {
                    dataIn += received;
                    return; // not even decoded
                }
            }
            bytes = decodeData(payload);
        }
        synchronized (lock) {
            dataIn += received;
            TunnelStream target = find(stream);
            if (target == null) {
                return;
            }
            if (received == 0 && !end) {
                floodable();
                return;
            }
            String broken = bytes == null ? "malformed DATA" : target.receivedData(bytes, end, (flags & Wire.STARVED) != 0);
            streamViolation(target, broken != null && broken.startsWith("W") ? ErrorCode.FLOW_CONTROL : ErrorCode.PROTOCOL, broken);
        }
    }

    /** Most versions do not; whether this one does is for its own code to say, so without the lock. One that fails here fails to decode, too. */
    private boolean transformsData() {
        try {
            return codecs.beginDecoding().transformsData();
        } catch (RuntimeException | LinkageError e) {
            LOG.debug("session={} name={} a codec does not say whether it transforms data", id, name, e);
            return true;
        } finally {
            decoded();
        }
    }

    /** As {@link #decode}. */
    private ByteBuffer decodeData(ByteBuffer payload) {
        PacketCodec codec = codecs.beginDecoding();
        try {
            ByteBuffer data = codec.decodeData(payload, Wire.MAX_DATA);
            if (data.remaining() <= Wire.MAX_DATA) {
                return data;
            }
            LOG.warn("session={} name={} DATA refused: codec version {} made it longer than {}", id, name, codec.version(), Wire.MAX_DATA);
        } catch (CodecException | RuntimeException | LinkageError e) {
            LOG.warn("session={} name={} DATA refused: {}", id, name, e.toString());
        } finally {
            decoded();
        }
        return null;
    }

    private void window(int stream, ByteBuffer payload) throws ProtocolViolation {
        if (payload.remaining() != 8) {
            throw new ProtocolViolation("F4", "WINDOW of " + payload.remaining() + " bytes");
        }
        long offset = payload.getLong();
        synchronized (lock) {
            TunnelStream target = find(stream);
            if (target != null && offset >= 0) {
                target.receivedWindow(offset);
            }
        }
    }

    private void reset(int stream, int flags, ByteBuffer payload) throws ProtocolViolation {
        if (payload.remaining() < 2) {
            throw new ProtocolViolation("F4", "RESET of " + payload.remaining() + " bytes");
        }
        ErrorCode code = ErrorCode.of(payload.getShort() & 0xFFFF);
        StreamResetException cause = new StreamResetException(code, true, (flags & Wire.NOT_PROCESSED) != 0, text(payload));
        synchronized (lock) {
            TunnelStream target = find(stream);
            if (target == null) {
                floodable();
            } else {
                target.receivedReset(cause);
            }
        }
    }

    private void pinged(boolean ack, ByteBuffer payload) throws ProtocolViolation {
        if (payload.remaining() != 16) {
            throw new ProtocolViolation("F4", "PING of " + payload.remaining() + " bytes");
        }
        long opaque = payload.getLong();
        synchronized (lock) {
            if (!ack) {
                floodable();
                sendControl(Wire.PING, Wire.ACK, 0, ByteBuffer.allocate(16).putLong(opaque).putLong(dataIn).flip());
            } else if (opaque == pingOpaque && pingSentAt != 0) {
                roundTrip.sample(now() - pingSentAt, now());
                pingSentAt = 0;
            }
        }
    }

    private void goneAway(ByteBuffer payload) throws ProtocolViolation {
        if (payload.remaining() < 10) {
            throw new ProtocolViolation("F4", "GOAWAY of " + payload.remaining() + " bytes");
        }
        int last = payload.getInt();
        ErrorCode code = ErrorCode.of(payload.getShort() & 0xFFFF);
        boolean now = payload.getInt() == 0 || !handshake.isDone();
        String reason = text(payload);
        synchronized (lock) {
            if (remoteLast != Integer.MAX_VALUE) {
                floodable();
            }
            boolean first = remoteLast == Integer.MAX_VALUE;
            remoteLast = Math.min(remoteLast, last);
            reckon();
            if (first && !now && peerSide != null) {
                lifecycle(() -> peerSide.goingAway(code));
            }
            if (!draining) {
                endCode = code;
                endRemote = true;
                endReason = reason;
            }
            for (TunnelStream stream : List.copyOf(streams.values())) {
                if (proxySide != null && stream.messageBoxId() > last) { // PROTOCOL D2
                    stream.fail(new StreamResetException(code, true, true, reason));
                }
            }
            if (now) { // PROTOCOL D4
                state = State.CLOSING;
                failStreams(new StreamResetException(code, true, false, reason));
                flusher.closeWhenEmpty();
                closeLater();
            } else {
                endIfDrained();
            }
        }
    }

    /** On the reading thread, without the lock: it may take a while. Null when it is malformed. */
    private Packet decode(Packet.Kind kind, ByteBuffer payload) {
        try {
            Packet packet = codecs.beginDecoding().decode(kind, payload);
            String broken = PacketRules.violation(packet);
            if (broken == null) {
                return packet;
            }
            LOG.warn("session={} name={} {} refused: {}", id, name, kind, broken);
        } catch (CodecException | RuntimeException | LinkageError e) {
            LOG.warn("session={} name={} {} refused: {}", id, name, kind, e.toString());
        } finally {
            decoded();
        }
        return null;
    }

    private void decoded() {
        if (codecs.endDecoding()) {
            onCodecMoved.run();
        }
    }

    // ---- codecs

    private void codec(int type, ByteBuffer payload) throws ProtocolViolation {
        synchronized (lock) {
            floodable();
            switch (type) {
                case Wire.CODEC_OFFER -> codecs.offered(payload);
                case Wire.CODEC_DECLINE -> codecs.declined(payload);
                case Wire.CODEC_READY -> codecs.ready(payload);
                default -> codecs.switched(payload);
            }
            watchCodecs();
        }
        onCodecMoved.run();
    }

    /** Codecs came or went in this container, or are wanted in another order. */
    void codecsChanged() {
        synchronized (lock) {
            if (state != State.OPEN) {
                return; // open() looks again
            }
            codecs.update();
            watchCodecs();
        }
        flusher.flush();
    }

    boolean uses(PacketCodec codec) {
        synchronized (lock) {
            return codecs.uses(codec);
        }
    }

    boolean isInHandshake() {
        synchronized (lock) {
            return state == State.HANDSHAKE;
        }
    }

    private void parkedTooLong() {
        synchronized (lock) {
            if (codecs.isWhole()) {
                return; // it went on in this moment
            }
        }
        end(ErrorCode.NO_CODEC, "no codec that both sides have");
    }

    private void leftTooLate(int declines) {
        synchronized (lock) {
            leaveDeadline = null;
            if (codecs.readies() >= declines) {
                awaitLeft(); // others were taken back meanwhile
                return;
            }
        }
        end(ErrorCode.NO_CODEC, "a codec version that was taken back is still in use");
    }

    /** With the lock held: both sides of a change of codecs are bounded. */
    private void watchCodecs() {
        int before = toldCodec;
        int now = codec();
        toldCodec = now;
        if (before >= 0 && before != now) {
            lifecycle(() -> onSwitched.switched(name, id, before, now));
        }
        parkOrResume();
        awaitLeft();
    }

    /** With the lock held: the other side leaves a version that it may not send any more, but not when it likes (PROTOCOL X10). */
    private void awaitLeft() {
        int declines = codecs.declines();
        boolean left = codecs.readies() == declines;
        if (!left && leaveDeadline == null && state == State.OPEN) {
            leaveDeadline = timer.schedule(() -> leftTooLate(declines), limits.codecRelease(), TimeUnit.NANOSECONDS);
        } else if (left && leaveDeadline != null) {
            leaveDeadline.cancel(false);
            leaveDeadline = null;
        }
    }

    /** With the lock held: a direction without a codec waits for one, but not for ever (PROTOCOL X9). */
    private void parkOrResume() {
        boolean whole = codecs.isWhole();
        if (!whole && parkDeadline == null && state == State.OPEN) {
            LOG.debug("session={} name={} waits for a codec that both sides have", id, name);
            parkDeadline = timer.schedule(this::parkedTooLong, limits.park(), TimeUnit.NANOSECONDS);
        } else if (whole && parkDeadline != null) {
            LOG.debug("session={} name={} goes on with codec version {}", id, name, codecs.encoder().version());
            parkDeadline.cancel(false);
            parkDeadline = null;
        }
    }

    /** The stream, or null for one that ended (late frames are dropped, S4). */
    private TunnelStream find(int stream) throws ProtocolViolation {
        TunnelStream found = streams.get(stream);
        boolean known = proxySide != null ? stream < nextId : stream <= lastSeen;
        if (found == null && (!known || stream % 2 == 0)) {
            throw new ProtocolViolation("S4", "a packet for message box " + stream + " that was never opened");
        }
        if (found != null && !found.isAnnounced()) {
            throw new ProtocolViolation("S4", "a packet for message box " + stream + " before its request was sent");
        }
        return found;
    }

    private void streamViolation(TunnelStream stream, ErrorCode code, String broken) {
        if (broken != null) {
            LOG.warn("session={} name={} box={} reset: {}", id, name, stream.messageBoxId(), broken);
            sendReset(stream.messageBoxId(), code == ErrorCode.ORIGIN_BROKEN ? ErrorCode.PROTOCOL : code, 0, broken);
            stream.fail(new StreamResetException(code, false, false, broken));
        }
    }

    // ---- from streams, with the lock held

    /** One packet of a kind that costs us and not the sender. */
    void floodable() {
        if (!floodGuard.admit(now()) && (state == State.OPEN || state == State.HANDSHAKE)) {
            execute(() -> end(ErrorCode.FLOOD, ""));
        }
    }

    void ended(TunnelStream stream) {
        streams.remove(stream.messageBoxId());
        reckon();
        endIfDrained();
    }

    void unencodable(TunnelStream stream, Throwable e) {
        LOG.warn("session={} name={} box={} cannot be encoded: {}", id, name, stream.messageBoxId(), e.getMessage());
        if (stream.isAnnounced()) {
            sendReset(stream.messageBoxId(), ErrorCode.TOO_LARGE, 0, e.getMessage());
        }
        stream.fail(new StreamResetException(ErrorCode.TOO_LARGE, false, true, e.getMessage()));
    }

    void unencodableData(TunnelStream stream, Throwable e) {
        LOG.error("session={} name={} box={} its data cannot be encoded", id, name, stream.messageBoxId(), e);
        sendReset(stream.messageBoxId(), ErrorCode.INTERNAL, 0, "codec");
        stream.fail(new StreamResetException(ErrorCode.INTERNAL, false, false, "codec"));
    }

    // ---- keep-alive

    private void ping() {
        pingOpaque++;
        pingSentAt = now();
        keepAlive.pingSent(pingSentAt);
        sendControl(Wire.PING, 0, 0, ByteBuffer.allocate(16).putLong(pingOpaque).putLong(dataIn).flip());
    }

    private void tick() {
        KeepAlive.Action action;
        synchronized (lock) {
            if (state != State.OPEN) {
                return;
            }
            long moved = bytesIn + bytesOut;
            action = keepAlive.tick(now(), !streams.isEmpty(), flusher.busy(), moved - movedAtTick > Flusher.TURN);
            movedAtTick = moved;
            if (action == KeepAlive.Action.PING) {
                ping();
            }
        }
        switch (action) {
            case DEAD -> lost(ErrorCode.KEEP_ALIVE, null);
            case STALLED -> lost(ErrorCode.STALLED, null);
            default -> flusher.flush();
        }
    }

    // ---- the end

    private void goAway(ErrorCode code, long deadlineMillis, String reason) {
        byte[] text = reason(reason);
        // D2: what is on its way while a peer drains is served; much of a body may be with it, so not all of it could be sent again
        int last = peerSide != null && deadlineMillis > 0 ? MAX_STREAM_ID : lastAccepted;
        sendControl(Wire.GOAWAY, 0, 0, ByteBuffer.allocate(10 + text.length).putInt(last).putShort((short) code.code())
                .putInt((int) Math.min(deadlineMillis, Integer.MAX_VALUE)).put(text).flip());
    }

    /** Says good-bye with the code. The other side closes when it has read that (D4); one that broke the rules is not waited for. */
    void end(ErrorCode code, String reason) {
        synchronized (lock) {
            if (state == State.CLOSING || state == State.CLOSED) {
                return;
            }
            if (endCode == null) {
                endCode = code;
                endReason = reason;
            }
            goAway(code, 0, reason);
            state = State.CLOSING;
            reckon(); // before anybody is told and looks for another
            failStreams(new StreamResetException(code, false, false, reason));
            switch (code) {
                case PROTOCOL, FLOW_CONTROL, FLOOD, VERSION, HANDSHAKE_TIMEOUT -> flusher.closeWhenEmpty();
                default -> flusher.onlyControl();
            }
            closeLater();
        }
        flusher.flush();
    }

    /** With the lock held. */
    private void closeLater() {
        codecs.end();
        onCodecMoved.run();
        deadlines.add(timer.schedule(() -> transport.close(false), CLOSE_DEADLINE_MILLIS, TimeUnit.MILLISECONDS));
    }

    void failed(String where, Throwable e) {
        LOG.error("session={} name={} {} failed", id, name, where, e);
        end(ErrorCode.INTERNAL, "");
    }

    /** The transport is gone, or useless. */
    void lost(Throwable cause) {
        lost(ErrorCode.SESSION_LOST, cause);
    }

    private void lost(ErrorCode code, Throwable cause) {
        ErrorCode finalCode;
        boolean remotely;
        String reason;
        boolean wasOpen;
        synchronized (lock) {
            if (state == State.CLOSED) {
                return;
            }
            wasOpen = !name.isEmpty();
            state = State.CLOSED;
            reckon();
            flusher.stop();
            if (ticks != null) {
                ticks.cancel(false);
            }
            handshakeDeadline.cancel(false);
            if (parkDeadline != null) {
                parkDeadline.cancel(false);
            }
            if (leaveDeadline != null) {
                leaveDeadline.cancel(false);
            }
            codecs.end();
            deadlines.forEach(each -> each.cancel(false));
            failStreams(new StreamResetException(code, false, false, ""));
            finalCode = endCode == null ? code : endCode;
            remotely = endRemote;
            reason = endCode == null ? cause == null ? "" : String.valueOf(cause.getMessage()) : endReason;
        }
        transport.close(false);
        figures.remove(this, finalCode, wasOpen);
        onCodecMoved.run();
        lifecycle(() -> {
            closed.complete(finalCode);
            if (peerSide != null) {
                peerSide.closed(finalCode, remotely, reason);
            } else if (!wasOpen) {
                proxySide.failed(finalCode, reason);
            }
        });
    }

    private void failStreams(StreamResetException cause) {
        for (TunnelStream stream : new ArrayList<>(streams.values())) {
            boolean notProcessed = proxySide != null && (!stream.isAnnounced() || stream.messageBoxId() > remoteLast);
            stream.fail(notProcessed ? new StreamResetException(cause.code(), cause.isRemote(), true, "") : cause);
        }
    }

    private static byte[] reason(String reason) {
        byte[] text = reason == null ? new byte[0] : reason.getBytes(StandardCharsets.UTF_8);
        return text.length <= MAX_REASON ? text : java.util.Arrays.copyOf(text, MAX_REASON);
    }

    /** Text from the other side, for logs and people: printable, bounded. */
    private static String text(ByteBuffer payload) {
        byte[] bytes = new byte[Math.min(payload.remaining(), MAX_REASON)];
        payload.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
    }
}
