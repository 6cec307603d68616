package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.Test;

public class LinesTest {

    private final StreamPair pair = new StreamPair();

    /** Writes down what comes. */
    private static final class Notes implements Lines.Receiver {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        @Override
        public void received(Message message) {
            told.add(message.line());
        }

        @Override
        public void ended(String reason) {
            told.add("ended: " + reason);
        }

        String next() throws InterruptedException {
            return told.poll(30, TimeUnit.SECONDS);
        }
    }

    private static Message message(String verb, int number) {
        return new Message(verb).with("n", number);
    }

    @Test
    public void messagesGoBothWaysInOrder() throws Exception {
        Notes here = new Notes();
        Notes there = new Notes();
        Lines opened = Lines.opened(pair.proxy(), here);
        Lines answering = Lines.answering(pair.peer(), there, 10_000);
        opened.start();
        answering.start();
        for (int i = 0; i < 3000; i++) {
            opened.send("k" + i, message("down", i));
            answering.send("k" + i, message("up", i));
        }
        for (int i = 0; i < 3000; i++) {
            assertEquals("down n=" + i, there.next());
            assertEquals("up n=" + i, here.next());
        }
        answering.close(io.adit.api.ErrorCode.CANCEL, "enough");
        assertEquals("ended: enough", there.next());
        assertTrue(here.next().startsWith("ended: cancelled: enough"));
        opened.send("k", message("late", 1));
        assertEquals("once", null, here.told.poll());
    }

    @Test
    public void aNewerMessageTakesThePlaceOfOneThatWaits() throws Exception {
        Notes here = new Notes();
        Lines opened = Lines.opened(pair.proxy(), new Notes());
        // nobody reads yet, but each write completes: so what is sent first is on its way, and only some of the rest meets itself in the queue
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            opened.send("same", message("state", i));
            sent.add("state n=" + i);
        }
        Lines.answering(pair.peer(), here, 10_000).start();
        String last = here.next();
        int count = 1;
        for (; !last.equals("state n=199"); count++) {
            String next = here.next();
            assertTrue(last + " before " + next, sent.indexOf(last) < sent.indexOf(next));
            last = next;
        }
        assertTrue(count <= 200);
    }

    @Test
    public void R3_aMalformedLineEndsTheLink() throws Exception {
        Notes here = new Notes();
        Lines.opened(pair.proxy(), here).start();
        StreamPair.send(pair.peer(), "good n=1\nBAD\nlater n=2\n");
        assertEquals("good n=1", here.next());
        assertEquals("ended: a line without a verb", here.next());
    }

    @Test
    public void aLineMayComeInPiecesButNotForEver() throws Exception {
        Notes here = new Notes();
        Lines.opened(pair.proxy(), here).start();
        for (char c : "split n=1\n".toCharArray()) {
            StreamPair.send(pair.peer(), String.valueOf(c));
        }
        assertEquals("split n=1", here.next());
        StreamPair.send(pair.peer(), "x".repeat(Message.MAX_BYTES));
        StreamPair.send(pair.peer(), "x");
        assertEquals("ended: a line of more than 16384 bytes", here.next());
    }

    @Test
    public void whatWaitsIsBounded() throws Exception {
        Notes here = new Notes();
        pair.hold();
        Lines opened = Lines.opened(pair.proxy(), here);
        for (int i = 0; i < Lines.MOST_WAITING + 2; i++) { // the first one is on its way
            opened.send("k" + i, message("state", i));
        }
        assertEquals("ended: more than 65536 messages wait", here.next());
    }

    @Test
    public void aProxyTellsOfAllItsNamesAtOnce() {
        Notes there = new Notes();
        pair.hold();
        Lines answering = Lines.answering(pair.peer(), there, 100_000);
        for (int i = 0; i < Lines.MOST_WAITING + 2; i++) {
            answering.send("k" + i, message("online", i));
        }
        assertNull(there.told.peek());
    }
}
