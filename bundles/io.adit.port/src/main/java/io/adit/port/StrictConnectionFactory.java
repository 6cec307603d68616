package io.adit.port;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * Makes HTTP/1 connections with the {@link StrictParser} and the {@link ExactGenerator}. When it is closed they become those of whoever serves the
 * connector then, each between two requests: at once, or when the one that is under way has ended. Thread-safe.
 */
final class StrictConnectionFactory extends HttpConnectionFactory implements AutoCloseable {

    /**
     * Name of the attribute of a connection (Jetty's ConnectionMetaData) that has the request line of what was refused, a String with three parts; empty where the
     * line itself was not understood.
     */
    private static final String REFUSED = "io.adit.refused";

    private static final Throwable LEFT = new CancellationException("another version serves this connection");

    private final boolean inline;
    private final Set<StrictConnection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param inline whether requests are handled on the selector's thread */
    StrictConnectionFactory(HttpConfiguration configuration, boolean inline) {
        super(configuration);
        this.inline = inline;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        HttpConnection connection = new StrictConnection(getHttpConfiguration(), connector, endPoint);
        connection.setUseInputDirectByteBuffers(isUseInputDirectByteBuffers());
        connection.setUseOutputDirectByteBuffers(isUseOutputDirectByteBuffers());
        return configure(connection, connector, endPoint);
    }

    /** The connector has to have another factory for HTTP/1.1 already. */
    @Override
    public void close() {
        closed = true;
        open.forEach(StrictConnection::leave);
    }

    private final class StrictConnection extends HttpConnection {

        /** Both set while the constructor of the class above runs, which asks for them: no initial value here. */
        private RequestHandler requests;
        private HeadCheck check;
        private boolean bodiless;
        /** Waits for the next request, of which nothing was read. Guarded by this. */
        private boolean between;
        /** It is another one's now. Guarded by this. */
        private boolean left;
        /** A thread is in {@link #onFillable}, and what another wants there comes after that. Guarded by this. */
        private boolean filling;
        private boolean again;

        StrictConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
            super(configuration, connector, endPoint);
            setAttribute(ExactGenerator.ATTRIBUTE, Boolean.TRUE);
        }

        @Override
        protected HttpGenerator newHttpGenerator() {
            return new ExactGenerator();
        }

        @Override
        public void onOpen() {
            open.add(this);
            if (!getEndPoint().isOpen()) {
                open.remove(this);
            }
            super.onOpen();
        }

        @Override
        public void onClose(Throwable cause) {
            open.remove(this);
            super.onClose(cause);
        }

        @Override
        public void fillInterested() {
            synchronized (this) {
                between = isRequestBufferEmpty() && getParser().isStart();
                left = between && closed;
                if (!left) {
                    super.fillInterested();
                    return;
                }
            }
            handOver();
        }

        /**
         * One thread at a time: Jetty lets another one answer what the parser refuses, and has that go on with the connection as if nobody were at it. Both gave the
         * same buffer back then.
         */
        @Override
        public void onFillable() {
            synchronized (this) {
                if (left) {
                    return; // what came is not read, and is found by the next one
                }
                between = false;
                again = filling;
                if (filling) {
                    return; // whoever is at it does this as well
                }
                filling = true;
            }
            boolean more = true;
            while (more) {
                super.onFillable();
                synchronized (this) {
                    more = again;
                    again = false;
                    filling = more;
                }
            }
        }

        private synchronized boolean isFilling() {
            return filling;
        }

        @Override
        protected void onFillInterestedFailed(Throwable cause) {
            synchronized (this) {
                if (left) {
                    return;
                }
                between = false;
            }
            super.onFillInterestedFailed(cause);
        }

        /** Now, if nothing is under way; else when that has ended. */
        void leave() {
            synchronized (this) {
                if (!between || left) {
                    return;
                }
                left = true;
            }
            EndPoint endPoint = getEndPoint();
            while (!(endPoint instanceof AbstractEndPoint) && endPoint instanceof EndPoint.Wrapper wrapper) {
                endPoint = wrapper.unwrap();
            }
            ((AbstractEndPoint) endPoint).getFillInterest().onFail(LEFT); // or the next one could not ask to read
            handOver();
        }

        private void handOver() {
            EndPoint endPoint = getEndPoint();
            try {
                endPoint.upgrade(getConnector().getConnectionFactory(HttpVersion.HTTP_1_1.asString()).newConnection(getConnector(), endPoint));
            } catch (RuntimeException e) {
                endPoint.close(e);
            }
        }

        @Override
        protected RequestHandler newRequestHandler() {
            check = new HeadCheck();
            requests = new ExactNames(check);
            return requests;
        }

        @Override
        protected HttpParser newHttpParser(HttpCompliance compliance) {
            HttpConfiguration configuration = getHttpConfiguration();
            HttpParser parser = new StrictParser(requests, configuration.getRequestHeaderSize(), compliance, check);
            parser.setHeaderCacheSize(configuration.getHeaderCacheSize());
            parser.setHeaderCacheCaseSensitive(configuration.isHeaderCacheCaseSensitive());
            return parser;
        }

        /** Jetty judges, resolves and dispatches by the target; what it would refuse or misread here is kept from it. */
        @Override
        protected HttpStreamOverHTTP1 newHttpStream(String method, String target, HttpVersion version) {
            String plain = Target.plain(target);
            setAttribute(Target.ATTRIBUTE, plain.equals(target) ? null : target);
            return super.newHttpStream(method, plain, version);
        }

        /** Jetty takes a servlet for one that may block and wakes a thread of the pool for each request. */
        @Override
        public InvocationType getInvocationType() {
            return inline ? InvocationType.NON_BLOCKING : super.getInvocationType();
        }

        /** Jetty wakes a thread of the pool after each response, to look for the next request: the thread that ended this one does it. */
        @Override
        protected Executor getExecutor() {
            Executor pool = super.getExecutor();
            return inline ? task -> handOn(task, pool) : pool;
        }

        private void handOn(Runnable task, Executor pool) {
            if (task != this) {
                pool.execute(task);
            } else if (!isFilling() && bodiless && isRequestBufferEmpty() && getParser().isStart()) {
                // its buffer is back in the pool, and nothing more was read with it
                fillInterested();
            } else {
                task.run();
            }
        }

        /**
         * The names of the fields as they were written: Jetty writes those that it knows its own way. And Upgrade is nothing to it: it
         * would refuse what Connection does not name, which is to be ignored (RFC 9110 section 7.8).
         */
        private final class ExactNames extends RequestHandler {

            private final HeadCheck head;
            /** Of the request that is being read; null while its line is. */
            private String method;
            private String target;
            private HttpVersion version;

            ExactNames(HeadCheck head) {
                this.head = head;
            }

            @Override
            public void messageBegin() {
                method = null;
                super.messageBegin();
            }

            @Override
            public void startRequest(String said, String uri, HttpVersion of) {
                bodiless = true;
                method = said;
                target = uri;
                version = of;
                super.startRequest(said, uri, of);
            }

            /** Jetty answers with a request that it makes up. */
            @Override
            public void badMessage(HttpException failure) {
                setAttribute(REFUSED, method == null ? "" : method + " " + target + " " + version.asString());
                super.badMessage(failure);
            }

            @Override
            public boolean content(ByteBuffer buffer) {
                bodiless = false;
                return super.content(buffer);
            }

            @Override
            public void parsedHeader(HttpField field) {
                String name = head.nextName(field.getName());
                super.parsedHeader(field.getHeader() == HttpHeader.UPGRADE ? new HttpField(null, name, field.getValue())
                        : name.equals(field.getName()) ? field
                        : field.getHeader() == HttpHeader.HOST ? new HostField(name, field.getValue())
                        : new HttpField(field.getHeader(), name, field.getValue()));
            }
        }
    }

    private static final class HostField extends HostPortHttpField {

        HostField(String name, String authority) {
            super(HttpHeader.HOST, name, authority);
        }
    }
}
