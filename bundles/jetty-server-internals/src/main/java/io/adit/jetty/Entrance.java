package io.adit.jetty;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * Knows which requests are on their way from the parser to their servlet, HTTP/1 and HTTP/2: Felix HTTP resolves a request to a servlet before it
 * calls it, and fails it with 500 ("Servlet has been unregistered") when that one goes in between. So who takes a servlet away waits, in its
 * {@code destroy()}: by then no new request is resolved to it, and those that were can still be served.
 *
 * <p>It is there as long as the server is, since a request may be on its way while everybody else is exchanged. Thread-safe.
 */
public final class Entrance implements Supplier<CompletionStage<Void>> {

    private volatile Group group = new Group();

    private Entrance() {
    }

    /**
     * The one of that server, which has one from now on. Nobody is counted who is inside already.
     *
     * @return empty when the server's handlers are not those of Felix HTTP: a collection that may be changed, with one context
     */
    public static synchronized Optional<Entrance> of(Server server) {
        Counting there = server.getDescendant(Counting.class);
        if (there != null) {
            return Optional.of(there.entrance);
        }
        ContextHandlerCollection contexts = server.getDescendant(ContextHandlerCollection.class);
        if (contexts == null || !contexts.isDynamic() || contexts.getHandlers().size() != 1) {
            return Optional.empty();
        }
        Handler context = contexts.getHandlers().get(0);
        Counting counting = new Counting(context, new Entrance());
        counting.setServer(server);
        // who manages a handler stops it when it lets it go
        contexts.unmanage(context);
        counting.manage(context);
        LifeCycle.start(counting);
        contexts.setHandlers(List.of(counting));
        // what comes to one that runs is taken for another's
        contexts.manage(counting);
        return Optional.of(counting.entrance);
    }

    /** Completes when all that are on their way now have been handed to a servlet. A servlet that blocks keeps it from that. */
    @Override
    public CompletionStage<Void> get() {
        Group before;
        synchronized (this) {
            before = group;
            group = new Group();
        }
        before.leave();
        return before.gone.copy();
    }

    private Group enter() {
        Group mine = group;
        while (!mine.enter()) {
            mine = group;
        }
        return mine;
    }

    /** Those that came between two moments. */
    private static final class Group {

        private final CompletableFuture<Void> gone = new CompletableFuture<>();
        /** One more as long as others may come. */
        private final AtomicInteger inside = new AtomicInteger(1);

        boolean enter() {
            int now = inside.get();
            while (now > 0 && !inside.compareAndSet(now, now + 1)) {
                now = inside.get();
            }
            return now > 0;
        }

        void leave() {
            if (inside.decrementAndGet() == 0) {
                gone.complete(null);
            }
        }
    }

    private static final class Counting extends Handler.Wrapper {

        private final Entrance entrance;

        Counting(Handler next, Entrance entrance) {
            super(next);
            this.entrance = entrance;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            Group mine = entrance.enter();
            try {
                return super.handle(request, response, callback);
            } finally {
                mine.leave();
            }
        }
    }
}
