package io.adit.itests;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.runner.notification.RunNotifier;
import org.junit.runners.BlockJUnit4ClassRunner;
import org.junit.runners.Suite;
import org.junit.runners.model.InitializationError;
import org.junit.runners.model.RunnerBuilder;

/**
 * Runs a test class in a class loader of its own that has Jetty's HTTP/2 client. It must not be on the class path: there Jetty in the containers of
 * Pax Exam, which run in this process, would find services of another Jetty, that of the class path, and have no encoder of fields for HTTP/2.
 */
public final class WithJettyClient extends BlockJUnit4ClassRunner {

    public WithJettyClient(Class<?> test) throws InitializationError {
        super(anew(test));
    }

    @Override
    public void run(RunNotifier notifier) {
        within(getTestClass().getJavaClass().getClassLoader(), () -> super.run(notifier));
    }

    /** A suite of which a class needs the client: all of them are in that class loader, and have one {@link SharedSite}. */
    public static final class OfSuite extends Suite {

        public OfSuite(Class<?> suite, RunnerBuilder builder) throws InitializationError {
            super(anew(suite), builder);
        }

        @Override
        public void run(RunNotifier notifier) {
            within(getTestClass().getJavaClass().getClassLoader(), () -> super.run(notifier));
        }
    }

    /** Jetty looks for services with the thread's class loader. */
    private static void within(ClassLoader loader, Runnable run) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            run.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static Class<?> anew(Class<?> test) throws InitializationError {
        if (test.getClassLoader().getClass().getName().equals(Own.class.getName())) {
            return test; // of a suite
        }
        try {
            List<URL> urls = new ArrayList<>(List.of(test.getProtectionDomain().getCodeSource().getLocation()));
            for (String jar : System.getProperty("adit.jetty.client").split(java.io.File.pathSeparator)) {
                urls.add(Path.of(jar).toUri().toURL());
            }
            return new Own(urls.toArray(URL[]::new)).loadClass(test.getName());
        } catch (IOException | ClassNotFoundException e) {
            throw new InitializationError(e);
        }
    }

    /** Its own first for the classes of the tests, the class path's for all else that both have. */
    private static final class Own extends URLClassLoader {

        Own(URL[] urls) {
            super(urls, WithJettyClient.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.adit.itests.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
