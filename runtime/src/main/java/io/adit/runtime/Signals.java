package io.adit.runtime;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * SIGTERM, SIGINT and SIGHUP: the first asks for an orderly end, the second ends the process at once. A shutdown hook could do
 * the first but not the second, and would leave exit code 143. A signal that the process was started to ignore (nohup) stays
 * ignored. {@code sun.misc.Signal} is in every JDK ({@code jdk.unsupported}) but not meant to be compiled against, hence
 * reflection; without it the JVM's own handling stays: an end without a drain.
 */
final class Signals {

    private static final int SIGNAL_EXIT_BASE = 128;

    private Signals() {
    }

    /** @param first called once, on a thread of the JVM; must not block */
    static void onTermination(Runnable first) {
        AtomicBoolean asked = new AtomicBoolean();
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Method number = signalType.getMethod("getNumber");
            InvocationHandler handler = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    if (asked.getAndSet(true)) {
                        Runtime.getRuntime().halt(SIGNAL_EXIT_BASE + (Integer) number.invoke(arguments[0]));
                    }
                    first.run();
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "Signals";
            };
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handlerType}, handler);
            Method handle = signalType.getMethod("handle", signalType, handlerType);
            for (String name : new String[] {"TERM", "INT", "HUP"}) {
                handle.invoke(null, signalType.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException e) {
            e.printStackTrace();
        }
    }
}
