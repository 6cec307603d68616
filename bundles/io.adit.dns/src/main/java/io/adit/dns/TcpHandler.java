package io.adit.dns;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions over TCP: any number on a connection, one after the other or at once (RFC 7766), with one write under way at a time. A client that does
 * not read is not read from either. Whoever comes when all connections are taken gets the one on which nothing was asked for the longest time.
 *
 * <p>Thread-safe; MINA calls for one session come one at a time.
 */
final class TcpHandler extends IoHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(TcpHandler.class);
    private static final AttributeKey CONNECTION = new AttributeKey(TcpHandler.class, "connection");
    /** Answers are gathered up to this before they are written. */
    private static final int GATHER = 16 * 1024;

    private final Answers answers;
    private final int most;
    private final long idleNanos;
    private final LongSupplier nanoClock;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

    TcpHandler(Answers answers, int most, Duration idle, LongSupplier nanoClock) {
        this.answers = answers;
        this.most = most;
        this.idleNanos = idle.toNanos();
        this.nanoClock = nanoClock;
    }

    /** One client. Confined to the session's thread, but for the time of its last progress. */
    private final class Connection {
        final IoSession session;
        final TcpQuestions questions = new TcpQuestions();
        volatile long progress = nanoClock.getAsLong();
        boolean writing;
        /** The client asks nothing more. */
        boolean ended;

        Connection(IoSession session) {
            this.session = session;
        }

        void received(IoBuffer bytes) {
            questions.add(bytes.buf());
            if (!writing) {
                pump();
            }
        }

        /** What was asked before is answered still. */
        void ended() {
            ended = true;
            stopReading(); // or MINA says it again and again
            if (!writing) {
                pump();
            }
        }

        /** Answers what is here, as much as one write may hold; the rest waits until that has gone. */
        private void pump() {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            boolean end = false;
            try {
                while (!end && out.size() < GATHER) {
                    Optional<byte[]> question = questions.next();
                    if (question.isEmpty()) {
                        end = ended;
                        break;
                    }
                    progress = nanoClock.getAsLong();
                    Optional<byte[]> answer = answers.overTcp(question.get());
                    answer.ifPresent(bytes -> {
                        out.write(bytes.length >> 8);
                        out.write(bytes.length);
                        out.writeBytes(bytes);
                    });
                    end = answer.isEmpty();
                }
            } catch (IllegalStateException e) {
                LOG.debug("closed remote={}: {}", session.getRemoteAddress(), e.getMessage());
                end = true;
            }
            if (out.size() > 0) {
                writing = true;
                stopReading();
                session.write(IoBuffer.wrap(out.toByteArray())).addListener(written -> written());
            }
            if (end) {
                session.closeOnFlush();
            }
        }

        private void written() {
            progress = nanoClock.getAsLong();
            writing = false;
            if (session.isConnected() && !session.isClosing()) {
                pump();
                if (!writing && !ended && session.isReadSuspended()) {
                    session.resumeRead();
                }
            }
        }

        /**
         * Before a write, never during one: MINA (2.2) looks at its queue to see whether it still has to write, and a write that is half done is not in
         * there any more, so with this it would never be finished.
         */
        private void stopReading() {
            if (!session.isReadSuspended()) {
                session.suspendRead();
            }
        }
    }

    @Override
    public void sessionOpened(IoSession session) {
        Connection connection = new Connection(session);
        session.setAttribute(CONNECTION, connection);
        connections.add(connection);
        if (connections.size() > most) {
            connections.stream().filter(each -> each != connection).min(Comparator.comparingLong(each -> each.progress - connection.progress))
                    .ifPresent(this::close);
        }
    }

    private void close(Connection connection) {
        connections.remove(connection);
        connection.session.closeNow();
    }

    /** Closes those on which nothing was asked for too long. */
    void sweep() {
        long now = nanoClock.getAsLong();
        connections.stream().filter(each -> now - each.progress > idleNanos).forEach(this::close);
    }

    int connections() {
        return connections.size();
    }

    @Override
    public void messageReceived(IoSession session, Object message) {
        ((Connection) session.getAttribute(CONNECTION)).received((IoBuffer) message);
    }

    @Override
    public void sessionClosed(IoSession session) {
        Connection connection = (Connection) session.getAttribute(CONNECTION);
        if (connection != null) {
            connections.remove(connection);
        }
    }

    /** A client may say that it will ask nothing more, and still wait for answers (RFC 7766 section 6.2.4). */
    @Override
    public void inputClosed(IoSession session) {
        ((Connection) session.getAttribute(CONNECTION)).ended();
    }

    @Override
    public void exceptionCaught(IoSession session, Throwable cause) {
        LOG.debug("closed remote={}", session.getRemoteAddress(), cause);
        session.closeNow();
    }
}
