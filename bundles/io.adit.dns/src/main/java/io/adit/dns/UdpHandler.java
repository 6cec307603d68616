package io.adit.dns;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.session.IoSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One datagram, one answer. MINA makes a session for each, which ends with the answer: nothing is kept for an address, which may be forged.
 *
 * <p>Thread-safe.
 */
final class UdpHandler extends IoHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(UdpHandler.class);
    /** Answers that the system does not take at once. */
    private static final int UNSENT = 1000;

    private final Answers answers;
    private final RateLimit limit;
    private final AtomicInteger open = new AtomicInteger();

    UdpHandler(Answers answers, RateLimit limit) {
        this.answers = answers;
        this.limit = limit;
    }

    @Override
    public void sessionCreated(IoSession session) {
        open.incrementAndGet();
    }

    @Override
    public void sessionClosed(IoSession session) {
        open.decrementAndGet();
    }

    @Override
    public void messageReceived(IoSession session, Object message) {
        InetSocketAddress client = (InetSocketAddress) session.getRemoteAddress();
        Optional<byte[]> answer = Optional.empty();
        if (client.getPort() != 0 && open.get() <= UNSENT) {
            IoBuffer buffer = (IoBuffer) message;
            byte[] question = new byte[buffer.remaining()];
            buffer.get(question);
            if (Answers.isQuestion(question)) {
                answer = switch (limit.judge(client.getAddress())) {
                    case ANSWER -> answers.overUdp(question);
                    case TRUNCATE -> answers.truncated(question);
                    case DROP -> Optional.empty();
                };
            }
        }
        if (answer.isPresent()) {
            session.write(IoBuffer.wrap(answer.get()));
        } else {
            session.closeNow();
        }
    }

    @Override
    public void messageSent(IoSession session, Object message) {
        session.closeNow();
    }

    @Override
    public void exceptionCaught(IoSession session, Throwable cause) {
        LOG.debug("not answered remote={}", session.getRemoteAddress(), cause);
        session.closeNow();
    }
}
