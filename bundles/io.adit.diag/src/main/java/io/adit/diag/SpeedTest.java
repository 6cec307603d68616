package io.adit.diag;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.adit.api.Completion;
import io.adit.api.Invitation;
import io.adit.api.LocalRequests;
import io.adit.api.MessageStream;
import io.adit.api.PeerNode;
import io.adit.api.RequestHandler;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.way.check.Limits;
import io.adit.way.check.SpeedPath;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Sends bytes through the tunnel for whoever has the peer's secret, up to a bound, so that the throughput can be measured. Thread-safe. */
@Component(configurationPid = Diagnoser.PID)
public final class SpeedTest implements LocalRequests {

    private static final int PIECE = 64 * 1024;

    private final Limits limits;

    /** Nothing that could be made smaller on the way. */
    private final byte[] noise = new byte[PIECE];

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    final List<PeerNode> nodes = new CopyOnWriteArrayList<>();

    @Activate
    public SpeedTest(DiagConfig config) {
        this.limits = Diagnoser.limits(config);
        new Random().nextBytes(noise);
    }

    @Override
    public Optional<RequestHandler> handler(String name, RequestHead head) {
        boolean good = head.method().equals("GET") && nodes.stream().map(PeerNode::way).flatMap(Optional::stream).map(PeerNode.Way::invitation)
                .filter(invitation -> invitation.name().equals(name)).map(Invitation::secret)
                .anyMatch(secret -> SpeedPath.isGood(head.target(), secret, Instant.now()));
        return good ? Optional.of((request, last, stream) -> new Sending(stream).begin()) : Optional.empty();
    }

    /** One answer; each piece is sent when the one before is on its way. */
    private final class Sending implements Completion {
        private final MessageStream stream;
        private final long end = System.nanoTime() + limits.speedMillis() * 1_000_000L;
        private final AtomicInteger steps = new AtomicInteger();
        private int sent;
        private boolean over;

        Sending(MessageStream stream) {
            this.stream = stream;
        }

        void begin() {
            Fields fields = Fields.of("Content-Type", "application/octet-stream", "Cache-Control", "no-store");
            stream.head(new ResponseHead(200, "OK", fields, "", -1), null, false, this);
        }

        /** A completion may come within the call that it belongs to: a loop instead of ever deeper calls. */
        @Override
        public void succeeded() {
            if (steps.getAndIncrement() == 0) {
                do {
                    next();
                } while (steps.decrementAndGet() > 0);
            }
        }

        private void next() {
            if (over) {
                return;
            }
            over = sent + PIECE >= limits.speedBytes() || System.nanoTime() - end > 0;
            sent += PIECE;
            stream.data(ByteBuffer.wrap(noise), over, this);
        }

        @Override
        public void failed(Throwable cause) {
            // whoever measured went away
        }
    }
}
