package io.adit.itests;

/** A container that somebody has already, in a process of its own; its text is what it printed. */
interface ForeignContainer extends AutoCloseable {

    boolean isAlive();

    @Override
    void close();
}
