package io.adit.runtime;

import java.io.IOException;
import java.io.InputStream;

/** Notices the end of standard input: a child of {@code demo} learns so that its parent is gone, even one that was killed. */
final class EndOfInput {

    private EndOfInput() {
    }

    static void watch(Runnable ended) {
        Thread thread = new Thread(() -> {
            try {
                InputStream in = System.in;
                while (in.read() >= 0) {
                    // What the parent might say is of no interest, only that it is there.
                }
            } catch (IOException e) {
                e.printStackTrace();
            }
            ended.run();
        }, "adit-end-of-input");
        thread.setDaemon(true);
        thread.start();
    }
}
