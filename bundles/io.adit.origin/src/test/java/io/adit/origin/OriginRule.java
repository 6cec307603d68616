package io.adit.origin;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.RequestHead;
import org.junit.rules.ExternalResource;

/** A raw origin, a handler that points at it, and streams. */
final class OriginRule extends ExternalResource {

    RawOrigin origin;
    ExecutorService executor;
    private final List<OriginComponent> components = new ArrayList<>();

    /** A configuration: key, value, ... over the defaults. */
    static OriginConfig config(Object... values) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < values.length; i += 2) {
            map.put((String) values[i], values[i + 1]);
        }
        return (OriginConfig) Proxy.newProxyInstance(OriginConfig.class.getClassLoader(), new Class<?>[] {OriginConfig.class},
            (proxy, method, arguments) -> map.getOrDefault(method.getName().replace('_', '.'), method.getDefaultValue()));
    }

    @Override
    protected void before() throws Throwable {
        executor = Executors.newCachedThreadPool();
        origin = new RawOrigin();
    }

    @Override
    protected void after() {
        components.forEach(OriginComponent::deactivate);
        executor.shutdownNow();
        try {
            origin.close();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    OriginComponent handler(Object... values) {
        Object[] all = new Object[values.length + 4];
        all[0] = "url";
        all[1] = origin.url();
        all[2] = "shutdown.timeout.millis";
        all[3] = 0L;
        System.arraycopy(values, 0, all, 4, values.length);
        OriginComponent component = new OriginComponent(config(all));
        components.add(component);
        return component;
    }

    /** Until nothing runs: then the connections are back in the pool. */
    static void awaitIdle(OriginComponent handler) {
        long deadline = System.nanoTime() + java.util.concurrent.TimeUnit.SECONDS.toNanos(FakeStream.WAIT_SECONDS);
        while (handler.running() > 0) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(handler.running() + " still run");
            }
            java.util.concurrent.locks.LockSupport.parkNanos(100_000);
        }
    }

    FakeStream stream() {
        return new FakeStream(executor, false);
    }

    FakeStream manualStream() {
        return new FakeStream(executor, true);
    }

    static RequestHead get(String target, String... fields) {
        return head("GET", target, -1, fields);
    }

    static RequestHead head(String method, String target, long length, String... fields) {
        return new RequestHead(method, "http", "demo.localhost", target, "HTTP/1.1", Fields.of(fields), "192.0.2.1:1234", "", length);
    }
}
