package io.adit.itests;

/** A container that somebody has already, in a process of its own; its text is what it printed. */
interface ForeignContainer extends AutoCloseable {

    /** Options of a JVM in which only jars run whose classes are verified elsewhere: those of the distribution in {@link LoadIT}, those of others by their users. */
    String UNVERIFIED = "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote";

    boolean isAlive();

    @Override
    void close();
}
