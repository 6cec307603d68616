package io.adit.port;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;

import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpGenerator;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/** Makes HTTP/1 connections with the {@link StrictParser} and the {@link ExactGenerator}. Thread-safe. */
final class StrictConnectionFactory extends HttpConnectionFactory {

    private final boolean inline;

    /** @param inline whether requests are handled on the selector's thread */
    StrictConnectionFactory(HttpConfiguration configuration, boolean inline) {
        super(configuration);
        this.inline = inline;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        HttpConnection connection = new StrictConnection(getHttpConfiguration(), connector, endPoint, inline);
        connection.setUseInputDirectByteBuffers(isUseInputDirectByteBuffers());
        connection.setUseOutputDirectByteBuffers(isUseOutputDirectByteBuffers());
        return configure(connection, connector, endPoint);
    }

    private static final class StrictConnection extends HttpConnection {

        private final boolean inline;
        /** Both set while the constructor of the class above runs, which asks for them: no initial value here. */
        private RequestHandler requests;
        private HeadCheck check;
        private boolean bodiless;

        StrictConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint, boolean inline) {
            super(configuration, connector, endPoint);
            this.inline = inline;
            setAttribute(ExactGenerator.ATTRIBUTE, Boolean.TRUE);
        }

        @Override
        protected HttpGenerator newHttpGenerator() {
            return new ExactGenerator();
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
            } else if (bodiless && isRequestBufferEmpty() && getParser().isStart()) {
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

            ExactNames(HeadCheck head) {
                this.head = head;
            }

            @Override
            public void startRequest(String method, String uri, HttpVersion version) {
                bodiless = true;
                super.startRequest(method, uri, version);
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
