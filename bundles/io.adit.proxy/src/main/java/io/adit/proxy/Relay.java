package io.adit.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.LocalAnswers;
import io.adit.api.MessageStream;
import io.adit.api.PeerSession;
import io.adit.api.RequestListener;
import io.adit.api.RequestListener.How;
import io.adit.api.RequestListener.Side;
import io.adit.api.RequestReport;
import io.adit.api.StreamResetException;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The course of one exchange and the ends it can have. {@link Admission} says whether and to whom, {@link Opening} opens the stream, and
 * {@link Upload} and {@link Download} copy the bodies.
 *
 * <p>Thread-safety: all runs in its {@link Serial}; only {@link #start}, {@link #stop} and {@link #tick} are called from outside of it.
 */
final class Relay {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final long WATCH_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Gateway gateway;
    private final Exchange exchange;
    private final Serial serial = new Serial(this::bug);
    private final Upload upload;
    private final Download download;
    private final Deadline deadline;
    private final long begun;
    private Fields fields = Fields.EMPTY;
    private RequestReport report = RequestReport.SILENT;
    private boolean reported;
    /** The code of the answer, where it is our own; else null. */
    private String own;
    private String name;
    private RequestHead head;
    private MessageStream stream;
    private Opening opening;
    private Quotas.Lease lease = Quotas.Lease.FREE;
    private volatile boolean watchable;
    private volatile boolean ended;
    private volatile boolean onItsWay;
    private boolean watched;
    private boolean responding;
    private boolean responded;
    private boolean upgraded;

    Relay(Gateway gateway, Exchange exchange) {
        this.gateway = gateway;
        this.exchange = exchange;
        deadline = new Deadline(gateway.nanoClock());
        begun = now();
        upload = new Upload(this, exchange);
        download = new Download(this, exchange);
    }

    void start() {
        exchange.onFailure(failure -> serial.execute(() -> requestBroken(failure)));
        serial.execute(this::route);
    }

    /** Breaks it off. */
    void stop(String reason) {
        serial.execute(() -> breakOff(ErrorCode.SHUTDOWN, reason));
    }

    /** Called by the clock. */
    void tick(long now) {
        if (deadline.isDue(now)) {
            serial.execute(deadline::runIfDue);
        }
        if (watchable && now - begun > WATCH_AFTER_NANOS) {
            serial.execute(this::watch);
        }
    }

    // ---- what the parts use ----

    Serial serial() {
        return serial;
    }

    Settings settings() {
        return gateway.settings();
    }

    MessageStream stream() {
        return stream;
    }

    RequestHead head() {
        return head;
    }

    /** What it may use of its name's quota. */
    Quotas.Lease lease() {
        return lease;
    }

    RequestReport report() {
        return report;
    }

    /** As the gateway's clock has it, in nanoseconds. */
    long now() {
        return gateway.nanoClock().getAsLong();
    }

    Deadline deadline() {
        return deadline;
    }

    boolean isDraining() {
        return gateway.isDraining();
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether it has a stream, or its response has begun: no registry and no peer is looked for. */
    boolean isOnItsWay() {
        return onItsWay;
    }

    private void setOnItsWay() {
        onItsWay = true;
        gateway.onItsWay();
    }

    /** Whether a response has begun, or all is over. */
    boolean isAnswered() {
        return ended || responding;
    }

    /** The peer wants the body. */
    void proceed() {
        upload.proceed();
    }

    /** From now on the response belongs to the browser: nothing can be tried again. */
    void responding() {
        responding = true;
        deadline.clear();
        setOnItsWay();
    }

    /** A stream is open. */
    void opened(MessageStream newStream, PeerSession session) {
        stream = newStream;
        report.opened(session);
        setOnItsWay();
        download.next();
        if (stream == newStream && !ended && !responded) {
            upload.start();
        }
    }

    /** The request is with the peer as a whole: its answer is due. */
    void requestSent() {
        if (ended || responded) {
            return;
        }
        report.sent();
        // also where the response has begun already: it may be silent for long
        watchable = !watched;
        if (!responding) {
            deadline.set(settings().responseTimeout(), () -> fail(Problem.late()));
        }
    }

    /** The stream broke, or a read or write on it failed. */
    void streamFailed(StreamResetException failure) {
        if (ended || responded) {
            return;
        }
        if (responding) {
            breakOff(ErrorCode.CUT, failure.code(), "the peer broke the response off: " + failure.getMessage());
            return;
        }
        stream = null;
        onItsWay = false;
        deadline.clear();
        if (!opening.again(failure)) {
            fail(Problem.of(failure.code(), settings().retryAfterSeconds()));
        }
    }

    /** The browser's side is broken: nobody wants the answer. */
    void browserGone(String reason) {
        breakOff(ErrorCode.CANCEL, reason);
    }

    /** The request cannot be read to its end. */
    void requestBroken(Exchange.BodyFailure failure) {
        if (failure.kind() == Exchange.BodyFailure.Kind.LATE) {
            fail(Problem.of(failure.status()));
        } else if (failure.kind() == Exchange.BodyFailure.Kind.GONE || responding) {
            browserGone(failure.reason());
        } else if (!ended) {
            if (stream != null) {
                stream.reset(ErrorCode.CANCEL, failure.reason());
            }
            own = ProblemCode.of(failure.status()).code();
            beginReport("");
            report.head(failure.status(), Fields.EMPTY);
            end(How.OWN, ErrorCode.NONE);
            exchange.refuse(failure);
        }
    }

    /** Answers with a page of our own where no response has begun; else breaks off. */
    void fail(Problem problem) {
        if (ended || responded) {
            return;
        }
        if (responding) {
            breakOff(ErrorCode.CANCEL, problem.title());
            return;
        }
        responding();
        if (stream != null) {
            // let go of it too: its end must not end this page
            stream.reset(ErrorCode.CANCEL, problem.title());
            stream = null;
        }
        upload.discard();
        own = problem.code() == null ? "" : problem.code().code();
        ErrorPages.Answer answer = gateway.pages().answer(problem, exchange.authority(), fields.all("accept"));
        answer(problem.status(), answer.fields(), answer.body(), problem.close());
    }

    /** Answers here, without the peer. */
    private void answer(int status, Fields answered, byte[] body, boolean close) {
        boolean bodyless = exchange.method().equals("HEAD");
        own = Objects.requireNonNullElse(own, "");
        beginReport("");
        report.head(status, answered);
        report.responseBody(bodyless ? null : ByteBuffer.wrap(body));
        exchange.head(status, null, answered, body.length, close);
        exchange.write(true, bodyless ? null : ByteBuffer.wrap(body), after(this::responded));
    }

    /** The last byte of the response was written. What is left of the request is read, for a while, so that the browser can read the response. */
    void responded() {
        if (ended) {
            return;
        }
        responded = true;
        watchable = false;
        exchange.unwatch();
        if (upload.isHeldBack() && stream != null) {
            stream.reset(ErrorCode.CANCEL, "the response is complete"); // nobody else ends the request's direction
        }
        if (upload.isOver() || upload.isHeldBack()) {
            complete();
        } else {
            if (stream != null) {
                stream.reset(ErrorCode.CANCEL, "the response is complete");
            }
            deadline.set(settings().lingerTimeout(), () -> breakOff(ErrorCode.CANCEL, "the rest of the request does not end"));
            upload.discard();
        }
    }

    /** The request was read to its end. */
    void requestOver() {
        if (responded) {
            complete();
        }
    }

    /** The connection is no exchange any more: from now on it and the stream end each other. */
    void upgraded() {
        upgraded = true;
        responded = true;
        watchable = false;
        exchange.unwatch();
        exchange.complete();
    }

    void upgradeEnded() {
        if (!ended) {
            ended = true;
            lease.end();
            report.end(How.ANSWERED, ErrorCode.NONE, "");
            gateway.ended(this);
        }
    }

    void breakOff(ErrorCode code, String reason) {
        breakOff(code, code, reason);
    }

    /** @param cause what the listeners are told */
    private void breakOff(ErrorCode code, ErrorCode cause, String reason) {
        if (ended) {
            return;
        }
        LOG.debug("{}: broken off: {}", name, reason);
        if (stream != null) {
            stream.reset(code, reason);
        }
        if (upgraded) {
            return;
        }
        exchange.unwatch();
        if (responded) {
            end(own == null ? How.ANSWERED : How.OWN, ErrorCode.NONE); // the rest is only about what nobody reads
        } else {
            end(code == ErrorCode.CANCEL ? How.GONE : How.BROKEN, cause);
        }
        exchange.abort(reason);
    }

    Completion after(Runnable next) {
        return new Completion() {
            @Override
            public void succeeded() {
                serial.execute(next);
            }

            @Override
            public void failed(Throwable cause) {
                serial.execute(() -> browserGone(cause.toString()));
            }
        };
    }

    // ---- the course ----

    private void route() {
        fields = exchange.fields();
        String local = WellKnown.answer(gateway.localAnswers(), exchange, fields);
        if (local != null) {
            responding();
            upload.discard();
            answer(200, WellKnown.FIELDS, local.getBytes(StandardCharsets.UTF_8), false);
            return;
        }
        CompletionStage<LocalAnswers.Page> page = WellKnown.page(gateway.localAnswers(), exchange, fields);
        if (page != null) {
            upload.discard();
            deadline.set(settings().responseTimeout(), () -> fail(Problem.late()));
            page.whenComplete((made, failure) -> serial.execute(() -> page(made, failure)));
            return;
        }
        gateway.registry().pass(services -> serial.execute(() -> admit(services)),
                () -> serial.execute(() -> fail(Problem.restarting(settings().retryAfterSeconds()))));
    }

    private void page(LocalAnswers.Page page, Throwable failure) {
        if (isAnswered()) {
            return;
        }
        if (failure != null) {
            LOG.warn("a page of our own failed", failure);
            fail(Problem.restarting(settings().retryAfterSeconds()));
            return;
        }
        responding();
        answer(page.status(), WellKnown.PAGE_FIELDS, page.html().getBytes(StandardCharsets.UTF_8), false);
    }

    private void admit(Registry.Services services) {
        if (isAnswered()) {
            return;
        }
        Admission admission = Admission.of(gateway, exchange, fields, services.registrations());
        if (admission.problem() != null) {
            fail(admission.problem());
            return;
        }
        name = admission.name();
        beginReport(name);
        head = gateway.requestHead(exchange, fields, exchange.authority()).with(report.onward());
        if (!RequestFilter.fits(head)) {
            fail(Problem.tooLarge());
            return;
        }
        Quotas.Answer granted = gateway.quotas().enter(name, services.registrations().quota(name), settings().retryAfterSeconds());
        if (granted.lease() == null) {
            fail(Problem.overQuota(name, granted.waitSeconds()));
            return;
        }
        lease = granted.lease();
        upload.prepare();
        if (!isAnswered()) {
            watchable = upload.isOver();
            opening = new Opening(this, gateway, upload, name, head);
            opening.begin(services.peers());
        }
    }

    private void watch() {
        if (!watchable || ended || responded) {
            return;
        }
        // where it cannot be done now, there is nothing to be won by asking again
        watchable = false;
        watched = true;
        exchange.watch(() -> serial.execute(this::lookAtBrowser));
    }

    private void lookAtBrowser() {
        if (ended || responded) {
            return;
        }
        if (exchange.probe()) {
            browserGone("the browser closed the connection");
        } else {
            // it was the next request; behind that may come the end
            exchange.watch(() -> serial.execute(this::lookAtBrowser));
        }
    }

    private void complete() {
        if (!ended) {
            end(own == null ? How.ANSWERED : How.OWN, ErrorCode.NONE);
            exchange.complete();
        }
    }

    /** It is known whom the request is for; only the first call counts. */
    private void beginReport(String peer) {
        if (reported) {
            return;
        }
        reported = true;
        if (!gateway.reports().isSilent()) {
            String target = exchange.target();
            report = gateway.reports().begin(new RequestListener.Begin(Side.PROXY, Instant.now().minusNanos(now() - begun), peer,
                    RequestFilter.client(exchange.remote()), gateway.visitor(exchange.remote(), fields), exchange.scheme(), exchange.authority(), exchange.method(),
                    target == null ? "" : target, exchange.protocol(), fields), begun);
        }
    }

    private void end(How how, ErrorCode code) {
        beginReport("");
        report.end(how, code, own == null ? "" : own);
        ended = true;
        lease.end();
        watchable = false;
        deadline.clear();
        gateway.ended(this);
    }

    private void bug(Throwable cause) {
        if (ended) {
            LOG.debug("after the end of an exchange", cause);
        } else {
            LOG.warn("an exchange is broken off", cause);
            breakOff(ErrorCode.INTERNAL, cause.toString());
        }
    }
}
