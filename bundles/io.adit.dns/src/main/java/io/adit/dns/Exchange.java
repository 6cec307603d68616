package io.adit.dns;

import java.io.IOException;

import org.xbill.DNS.Update;

/** The way to the other server. For one thread, but for {@link #close}. */
interface Exchange extends AutoCloseable {

    /**
     * Signs the update, sends it and waits for the answer, for a limited time.
     *
     * @return the rcode of an answer with a good signature
     * @throws IOException with one line when there is none
     */
    int send(Update update) throws IOException;

    /** Nothing is to be sent for now. */
    void rest();

    /** Ends what waits. */
    @Override
    void close();
}
