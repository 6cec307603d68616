package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import javax.inject.Inject;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

import jakarta.servlet.Filter;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceRegistration;

/**
 * A bundle goes while a request is on its way to its servlet: Felix HTTP has resolved the request to the servlet, and has not called it yet. A
 * filter of the servlet's context stops the request just there.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ArrivalIT {

    private static final String HTTP_PORT = "adit.arrival.http.port";
    private static final String HTTPS_PORT = "adit.arrival.https.port";
    private static final String ENDPOINT = "io.adit.proxy";
    private static final String PORT = "io.adit.port";

    @Inject
    private BundleContext context;

    /** Runs outside of the container. */
    @Configuration
    public static Option[] container() throws Exception {
        Path folder = Adit.folder("ArrivalIT");
        int http = Ports.free();
        int https = Ports.free();
        List<Option> options = new ArrayList<>(List.of(SwapContainer.options("proxy", folder.resolve("proxy"), Map.of(
            "org.apache.felix.http~public", Map.of("org.osgi.service.http.port", http),
            PORT, Map.of("https.port", https, "hold.timeout.millis", SwapContainer.PATIENCE),
            ENDPOINT, Map.of("hold.timeout.millis", SwapContainer.PATIENCE, "stop.timeout.millis", SwapContainer.PATIENCE),
            "io.adit.acceptor", Map.of("port", Ports.free())))));
        options.add(CoreOptions.systemProperty(HTTP_PORT).value(Integer.toString(http)));
        TlsFiles.write(folder.resolve("proxy").resolve("conf").resolve("tls"), "demo", "localhost");
        options.add(CoreOptions.systemProperty(HTTPS_PORT).value(Integer.toString(https)));
        return options.toArray(Option[]::new);
    }

    @Test
    public void aRequestOnItsWayToTheEndpointReachesItBeforeThatGoes() throws Exception {
        SwapContainer container = new SwapContainer(context);
        for (HttpClient.Version version : HttpClient.Version.values()) {
            container.awaitService("(io.adit.ready=proxy)");
            int usual = ask(version).get(SwapContainer.PATIENCE, TimeUnit.MILLISECONDS).statusCode();
            assertNotEquals(500, usual);
            Stopped filter = new Stopped(ENDPOINT);
            CompletableFuture<HttpResponse<String>> answer = ask(version);
            filter.awaitRequest();
            Thread going = stop(container.named(ENDPOINT));
            filter.release();
            assertEquals(version.toString(), usual, answer.get(SwapContainer.PATIENCE, TimeUnit.MILLISECONDS).statusCode());
            start(going, container.named(ENDPOINT));
            filter.close();
        }
    }

    @Test
    public void aRequestOnItsWayToTheWaitingRoomReachesItBeforeThePortGoes() throws Exception {
        SwapContainer container = new SwapContainer(context);
        container.awaitService("(io.adit.ready=proxy)");
        for (HttpClient.Version version : HttpClient.Version.values()) {
            int usual = ask(version).get(SwapContainer.PATIENCE, TimeUnit.MILLISECONDS).statusCode();
            assertNotEquals(500, usual);
            container.named(ENDPOINT).stop(Bundle.STOP_TRANSIENT);
            Stopped filter = new Stopped(PORT);
            CompletableFuture<HttpResponse<String>> answer = ask(version);
            filter.awaitRequest();
            container.named(ENDPOINT).start(Bundle.START_TRANSIENT);
            container.awaitService("(osgi.http.whiteboard.servlet.name=" + ENDPOINT + ")");
            Thread going = stop(container.named(PORT));
            filter.release();
            assertEquals(version.toString(), usual, answer.get(SwapContainer.PATIENCE, TimeUnit.MILLISECONDS).statusCode());
            start(going, container.named(PORT));
            filter.close();
            container.awaitService("(io.adit.ready=proxy)");
        }
    }

    private static CompletableFuture<HttpResponse<String>> ask(HttpClient.Version version) throws Exception {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {new TrustEverything()}, null);
        String url = version == HttpClient.Version.HTTP_2 ? "https://127.0.0.1:" + System.getProperty(HTTPS_PORT)
            : "http://127.0.0.1:" + System.getProperty(HTTP_PORT);
        HttpClient client = HttpClient.newBuilder().version(version).sslContext(tls).proxy(HttpClient.Builder.NO_PROXY).build();
        return client.sendAsync(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString()).thenApply(answer -> {
            assertEquals(version, answer.version());
            return answer;
        });
    }

    /** Returns when the bundle has stopped, or waits because of the request: in the destroy() of its servlet. */
    private static Thread stop(Bundle bundle) throws Exception {
        Thread going = new Thread(() -> {
            try {
                bundle.stop(Bundle.STOP_TRANSIENT);
            } catch (BundleException e) {
                throw new IllegalStateException(e);
            }
        }, "swap-stop");
        going.start();
        Await.until(bundle + " stops", () -> !going.isAlive() || going.getState() == Thread.State.TIMED_WAITING
            && Arrays.stream(going.getStackTrace()).anyMatch(each -> each.getMethodName().equals("destroy")));
        return going;
    }

    private static void start(Thread going, Bundle bundle) throws Exception {
        going.join(SwapContainer.PATIENCE);
        assertEquals(Bundle.RESOLVED, bundle.getState());
        bundle.start(Bundle.START_TRANSIENT);
    }

    /** Holds requests between Felix HTTP's choice of the servlet and the call of it. */
    private final class Stopped implements AutoCloseable {

        private final Semaphore came = new Semaphore(0);
        private final CountDownLatch go = new CountDownLatch(1);
        private final ServiceRegistration<Filter> filter;

        Stopped(String contextName) {
            filter = context.registerService(Filter.class, (request, response, chain) -> {
                came.release();
                try {
                    if (!go.await(SwapContainer.PATIENCE, TimeUnit.MILLISECONDS)) {
                        throw new IllegalStateException("not released");
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                chain.doFilter(request, response);
            }, new Hashtable<>(Map.of(
                "osgi.http.whiteboard.filter.pattern", "/*",
                "osgi.http.whiteboard.filter.asyncSupported", true,
                "osgi.http.whiteboard.target", "(org.apache.felix.http.name=public)",
                "osgi.http.whiteboard.context.select", "(osgi.http.whiteboard.context.name=" + contextName + ")")));
        }

        void awaitRequest() throws InterruptedException {
            if (!came.tryAcquire(SwapContainer.PATIENCE, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("no request came to the filter");
            }
        }

        void release() {
            go.countDown();
        }

        @Override
        public void close() {
            filter.unregister();
        }
    }
}
