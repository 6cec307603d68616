package io.adit.registry;

import static org.junit.Assert.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

import io.adit.store.Database;

/**
 * A database in which what another thread commits than the one that asked comes as late as can be: after the answer, unless the one that asked waits for it.
 */
final class LateCommits extends ForwardingDatabase {

    private static final long DEADLINE_NANOS = 60_000_000_000L;

    private final Thread asks = Thread.currentThread();
    private volatile boolean answered;

    LateCommits(Database real) {
        super(real);
    }

    /** By the thread that asks. @param has whether it has its answer */
    void answered(boolean has) {
        answered = has;
    }

    @Override
    public Connection open() throws SQLException {
        Connection connection = super.open();
        return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, args) -> {
            if (method.getName().equals("commit") && Thread.currentThread() != asks) {
                long end = System.nanoTime() + DEADLINE_NANOS;
                while (!answered && asks.getState() == Thread.State.RUNNABLE) {
                    assertTrue("an answer", System.nanoTime() < end);
                    Thread.yield();
                }
            }
            try {
                return method.invoke(connection, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }
}
