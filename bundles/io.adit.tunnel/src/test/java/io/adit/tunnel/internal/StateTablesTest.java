package io.adit.tunnel.internal;

import static io.adit.tunnel.internal.StreamState.CLOSED;
import static io.adit.tunnel.internal.StreamState.HALF_CLOSED_LOCAL;
import static io.adit.tunnel.internal.StreamState.HALF_CLOSED_REMOTE;
import static io.adit.tunnel.internal.StreamState.OPEN;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.adit.tunnel.internal.KeepAlive.Action;
import io.adit.tunnel.internal.KeepAlive.Timing;
import org.junit.Test;

/** The tables of PROTOCOL section 7 and 9, row by row. */
public class StateTablesTest {

    @Test
    public void streamStates() {
        Object[][] table = {
            // state, SEND_END, RECEIVE_END, RESET
            {OPEN, HALF_CLOSED_LOCAL, HALF_CLOSED_REMOTE, CLOSED},
            {HALF_CLOSED_LOCAL, null, CLOSED, CLOSED},
            {HALF_CLOSED_REMOTE, CLOSED, null, CLOSED},
            {CLOSED, null, null, CLOSED},
        };
        assertEquals(StreamState.values().length, table.length);
        for (Object[] row : table) {
            for (StreamState.Event event : StreamState.Event.values()) {
                assertEquals(row[0] + " " + event, row[1 + event.ordinal()], ((StreamState) row[0]).on(event));
            }
        }
        assertTrue(OPEN.canSend() && OPEN.canReceive());
        assertTrue(!HALF_CLOSED_LOCAL.canSend() && HALF_CLOSED_LOCAL.canReceive());
        assertTrue(HALF_CLOSED_REMOTE.canSend() && !HALF_CLOSED_REMOTE.canReceive());
        assertFalse(CLOSED.canSend() || CLOSED.canReceive());
    }

    @Test
    public void inboundPhases() {
        Object[][] table = {
            // phase, event, without END, with END
            {InboundPhase.HEAD, InboundPhase.Event.INTERIM, InboundPhase.HEAD, null},
            {InboundPhase.HEAD, InboundPhase.Event.FINAL, InboundPhase.BODY, InboundPhase.DONE},
            {InboundPhase.HEAD, InboundPhase.Event.DATA, null, null},
            {InboundPhase.HEAD, InboundPhase.Event.TRAILERS, null, null},
            {InboundPhase.BODY, InboundPhase.Event.INTERIM, null, null},
            {InboundPhase.BODY, InboundPhase.Event.FINAL, null, null},
            {InboundPhase.BODY, InboundPhase.Event.DATA, InboundPhase.BODY, InboundPhase.DONE},
            {InboundPhase.BODY, InboundPhase.Event.TRAILERS, InboundPhase.DONE, InboundPhase.DONE},
            {InboundPhase.DONE, InboundPhase.Event.INTERIM, null, null},
            {InboundPhase.DONE, InboundPhase.Event.FINAL, null, null},
            {InboundPhase.DONE, InboundPhase.Event.DATA, null, null},
            {InboundPhase.DONE, InboundPhase.Event.TRAILERS, null, null},
        };
        assertEquals(InboundPhase.values().length * InboundPhase.Event.values().length, table.length);
        for (Object[] row : table) {
            InboundPhase phase = (InboundPhase) row[0];
            InboundPhase.Event event = (InboundPhase.Event) row[1];
            assertEquals(phase + " " + event, row[2], phase.on(event, false));
            assertEquals(phase + " " + event + " END", row[3], phase.on(event, true));
        }
    }

    @Test
    public void keepAlive() {
        // idle 10, busy 3, answer 7, idle answer 15, stall 20, probe 1, awake 20
        Timing timing = new Timing(10, 3, 7, 15, 20, 1, 20);
        KeepAlive idle = new KeepAlive(timing, 0);
        assertEquals(Action.NONE, idle.tick(10, false, false, false));
        assertEquals(Action.PING, idle.tick(11, false, false, false));
        idle.pingSent(11);
        assertEquals(Action.NONE, idle.tick(26, false, false, false));
        assertEquals(Action.DEAD, idle.tick(27, false, false, false));
        idle.inbound(27);
        assertEquals("any inbound frame is life", Action.NONE, idle.tick(28, false, false, false));

        KeepAlive busy = new KeepAlive(timing, 0);
        assertEquals(Action.PING, busy.tick(4, true, false, false));
        busy.pingSent(4);
        assertEquals(Action.NONE, busy.tick(11, true, false, false));
        assertEquals(Action.DEAD, busy.tick(12, true, false, false));

        KeepAlive slept = new KeepAlive(timing, 0);
        assertEquals("a machine that slept asks first", Action.PING, slept.tick(1_000_000, true, false, false));

        KeepAlive stopped = new KeepAlive(new Timing(10, 3, 7, 15, 20, 1, 2), 0);
        stopped.pingSent(0);
        assertEquals(Action.NONE, stopped.tick(1, true, true, false));
        assertEquals("the answer may be here, and not read yet", Action.NONE, stopped.tick(1_000, true, true, false));
        stopped.progress(1_000);
        assertEquals(Action.NONE, stopped.tick(1_002, true, true, false));
        assertEquals(Action.NONE, stopped.tick(1_004, true, true, false));
        assertEquals("what it was awake before counts", Action.DEAD, stopped.tick(1_006, true, true, false));

        KeepAlive stalled = new KeepAlive(timing, 0);
        stalled.inbound(20);
        assertEquals(Action.NONE, stalled.tick(20, true, true, false));
        stalled.inbound(21);
        assertEquals(Action.STALLED, stalled.tick(21, true, true, false));
        stalled.progress(21);
        assertEquals(Action.NONE, stalled.tick(22, true, true, false));

        KeepAlive moving = new KeepAlive(timing, 0);
        assertEquals("the round trip is measured while bytes move", Action.PING, moving.tick(2, true, false, true));
    }

    @Test
    public void floodGuard() {
        long second = 1_000_000_000L;
        FloodGuard guard = new FloodGuard(10, 0);
        for (int i = 0; i < 40; i++) {
            assertTrue("burst " + i, guard.admit(0));
        }
        assertFalse(guard.admit(0));
        for (int i = 0; i < 10; i++) {
            assertTrue("after a second " + i, guard.admit(second));
        }
        assertFalse(guard.admit(second));
    }

    @Test
    public void receiveWindowGivesBackWhatWasConsumedAndGrowsOnlyForAStarvedSender() {
        CreditPool pool = new CreditPool(1 << 20);
        assertTrue(pool.reserve(100_000));
        ReceiveWindow window = new ReceiveWindow(pool, 100_000, 400_000, 0);
        assertTrue(window.received(100_000, false));
        assertFalse("over", new ReceiveWindow(pool, 10, 10, 0).received(11, false));
        assertEquals("less than a quarter consumed", -1, window.consumed(24_999, 1, 1));
        assertEquals("a quarter consumed", 125_000, window.consumed(1, 1, 1));
        assertEquals(-1, window.consumed(10_000, 1, 1));
        assertEquals(100_000, window.window());
        assertTrue(window.received(25_000, true));
        // starved, box nearly empty, fast: doubles
        assertEquals(-1 + 1 + 120_000 + 200_000, window.consumed(85_000, 2, 1));
        assertEquals(200_000, window.window());
        assertEquals(200_000, pool.reserved());
        window.end();
        assertEquals("only what is buffered stays reserved", 5_000, pool.reserved());
        window.consumed(5_000, 3, 1);
        assertEquals(0, pool.reserved());
    }

    @Test
    public void poolNeverPromisesMoreThanItHas() {
        CreditPool pool = new CreditPool(100_000);
        int windows = 0;
        while (pool.reserveInitial(16_384, 65_536) != 0) {
            windows++;
        }
        assertEquals(6, windows);
        assertTrue(pool.reserved() <= 100_000);
        assertFalse(pool.reserve(16_384));
        pool.release(16_384);
        assertTrue(pool.reserve(16_384));
    }

    @Test
    public void sendWindowOnlyRises() {
        SendWindow window = new SendWindow(10);
        window.sent(10);
        assertEquals(0, window.available());
        assertFalse("W2: an old offset is harmless", window.raise(10));
        assertTrue(window.raise(15));
        assertEquals(5, window.available());
    }
}
