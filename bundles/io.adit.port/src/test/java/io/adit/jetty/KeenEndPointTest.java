package io.adit.jetty;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What the selector does is done here by hand, step by step: select, the task, then the key's update. */
public class KeenEndPointTest {

    private static final long DEADLINE_MILLIS = 10_000;

    private Selector selector;
    private SocketChannel browser;
    private SelectionKey key;
    private KeenEndPoint endPoint;
    private int told;

    @Before
    public void connect() throws IOException {
        selector = Selector.open();
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            browser = SocketChannel.open(server.getLocalAddress());
            SocketChannel accepted = server.accept();
            accepted.configureBlocking(false);
            key = accepted.register(selector, 0);
            endPoint = new KeenEndPoint(accepted, null, key, null);
        }
    }

    @After
    public void close() throws IOException {
        browser.close();
        endPoint.getChannel().close();
        selector.close();
    }

    @Test
    public void staysRegisteredWhereItIsReadByTheSelectorsThread() throws IOException {
        await(InvocationType.NON_BLOCKING);
        endPoint.updateKey();
        for (int request = 1; request <= 3; request++) {
            say("request");
            selected().run();
            assertEquals(request, told);
            assertEquals("request", read());
            endPoint.updateKey();
            assertEquals("after request " + request, SelectionKey.OP_READ, key.interestOps());
            await(InvocationType.NON_BLOCKING); // no update of the key: nobody has to wake the selector
        }
    }

    @Test
    public void isTakenBackWhenNobodyWaitsAndPutThereForTheNext() throws IOException {
        await(InvocationType.NON_BLOCKING);
        endPoint.updateKey();
        say("first");
        selected().run();
        assertEquals("first", read());
        endPoint.updateKey();
        say("too early");
        selected().run();
        endPoint.updateKey();
        assertEquals("the selector would come back for ever", 0, key.interestOps());
        assertEquals(1, told);

        await(InvocationType.NON_BLOCKING);
        endPoint.updateKey();
        selected().run();
        assertEquals(2, told);
        assertEquals("too early", read());
    }

    /** Between the look of the selector and the update of the key. */
    @Test
    public void tellsWhoAsksWhileItIsTakenBack() throws IOException {
        await(InvocationType.NON_BLOCKING);
        endPoint.updateKey();
        say("first");
        selected().run();
        endPoint.updateKey();
        Runnable task = selected();
        await(InvocationType.NON_BLOCKING);
        task.run();
        assertEquals(2, told);
        assertEquals("first", read());
        endPoint.updateKey();
        await(InvocationType.NON_BLOCKING);
        endPoint.updateKey();
        say("second");
        selected().run();
        assertEquals(3, told);
    }

    @Test
    public void isTakenBackForAReaderOnAnotherThread() throws IOException {
        await(InvocationType.BLOCKING);
        endPoint.updateKey();
        say("request");
        Runnable task = selected();
        endPoint.updateKey();
        assertEquals("the selector would come back until it was read", 0, key.interestOps());
        task.run();
        assertEquals(1, told);
        assertEquals("request", read());
        await(InvocationType.BLOCKING);
        endPoint.updateKey();
        assertEquals(SelectionKey.OP_READ, key.interestOps());
    }

    private void await(InvocationType type) {
        endPoint.fillInterested(Callback.from(type, () -> told++, cause -> {
            throw new AssertionError(cause);
        }));
    }

    private Runnable selected() throws IOException {
        assertEquals(1, selector.select(DEADLINE_MILLIS));
        selector.selectedKeys().clear();
        return endPoint.onSelected();
    }

    private void say(String text) throws IOException {
        browser.write(BufferUtil.toBuffer(text));
    }

    private String read() throws IOException {
        ByteBuffer buffer = BufferUtil.allocate(100);
        endPoint.fill(buffer);
        return BufferUtil.toString(buffer);
    }
}
