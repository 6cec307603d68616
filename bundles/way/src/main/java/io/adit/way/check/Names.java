package io.adit.way.check;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Looks names up within a time, which Java itself does not. Stateless. */
final class Names {

    private Names() {
    }

    /** Names under localhost are this machine, as to browsers (RFC 6761 section 6.3), whatever the system's resolver says. */
    static boolean isLocal(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.endsWith(".localhost");
    }

    /** @throws UnknownHostException when there is no such name, or no answer in time; the message is for people */
    static List<InetAddress> of(String host, int millis) throws UnknownHostException, InterruptedException {
        if (isLocal(host)) {
            return List.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
        }
        CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
        Thread resolver = new Thread(() -> {
            try {
                answer.complete(List.of(InetAddress.getAllByName(host)));
            } catch (UnknownHostException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }, "adit-resolve");
        resolver.setDaemon(true); // the system's resolver takes its own time
        resolver.start();
        try {
            return answer.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new UnknownHostException("no answer within " + millis + " ms");
        } catch (ExecutionException e) {
            throw new UnknownHostException("there is no such name");
        }
    }
}
