package io.adit.share;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Large files and readers that are slow, gone or cheated, through a real Jetty. */
public class TransferTest {

    /** More than all buffers between the disk and a reader that does not read. */
    private static final int LARGE = 16 << 20;

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path large(int size) throws IOException {
        Path file = temporary.getRoot().toPath().resolve("large.bin");
        byte[] content = new byte[size];
        new Random(2).nextBytes(content);
        Files.write(file, content);
        return file;
    }

    private static long sum(Path file) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(Files.readAllBytes(file));
        return sum.getValue();
    }

    /** Reads to the end, in steps of 64 KiB, and sums up. */
    private static long sum(InputStream in, long[] total) throws IOException {
        CRC32 sum = new CRC32();
        byte[] buffer = new byte[65_536];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            sum.update(buffer, 0, count);
            total[0] += count;
        }
        return sum.getValue();
    }

    /** Waits for what other threads do; the limit is only there to end a failed run. */
    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(what, System.nanoTime() - end < 0);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    public void manySlowReadersHoldNoThreadAndGetEveryByte() throws Exception {
        Path file = large(LARGE);
        long expected = sum(file);
        try (ShareServer server = new ShareServer(temporary.getRoot().toPath(), Map.of())) {
            int readers = ShareServer.THREADS * 4;
            List<Socket> stalled = new ArrayList<>();
            try {
                for (int i = 0; i < readers; i++) {
                    stalled.add(server.open("/large.bin"));
                }
                await("all are being sent", () -> server.servlet.running() == readers);
                await("no thread waits for a reader", () -> server.threads.getUtilizedThreads() == 0);
                assertEquals("others are served meanwhile", 206, server.get("/large.bin", "Range", "bytes=0-9").statusCode());
                for (Socket socket : List.of(stalled.get(0), stalled.get(readers - 1))) {
                    long[] total = new long[1];
                    InputStream in = socket.getInputStream();
                    ShareServer.head(in);
                    assertEquals(expected, sum(in, total));
                    assertEquals(LARGE, total[0]);
                }
            } finally {
                for (Socket socket : stalled) {
                    socket.close();
                }
            }
            await("nothing is left of readers that went away", () -> server.servlet.running() == 0);
        }
    }

    @Test
    public void aFileThatShrinksBreaksTheConnection() throws Exception {
        Path file = large(LARGE);
        try (ShareServer server = new ShareServer(temporary.getRoot().toPath(),
            Map.of()); Socket socket = server.open("/large.bin")) {
            InputStream in = socket.getInputStream();
            String head = ShareServer.head(in);
            assertTrue(head, head.contains("Content-Length: " + LARGE));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(LARGE / 2);
            }
            assertBrokenOff(in);
            await("nothing is left", () -> server.servlet.running() == 0);
        }
    }

    @Test
    public void whenTheFolderIsWithdrawnTransfersBreakOff() throws Exception {
        large(LARGE);
        try (ShareServer server = new ShareServer(temporary.getRoot().toPath(),
            Map.of()); Socket socket = server.open("/large.bin")) {
            InputStream in = socket.getInputStream();
            ShareServer.head(in);
            server.servlet.destroy();
            assertEquals(0, server.servlet.running());
            assertBrokenOff(in);
        }
    }

    @Test
    public void aReaderThatStopsForGoodIsEndedByTheServersIdleTimeout() throws Exception {
        large(LARGE);
        try (ShareServer server = new ShareServer(temporary.getRoot().toPath(), Map.of(), "/",
            200); Socket socket = server.open("/large.bin")) {
            InputStream in = socket.getInputStream();
            ShareServer.head(in);
            await("ended", () -> server.servlet.running() == 0);
            assertBrokenOff(in);
        }
    }

    @Test
    public void noMoreTransfersThanAllowed() throws Exception {
        large(LARGE);
        try (ShareServer server = new ShareServer(temporary.getRoot().toPath(), Map.of("transfers.max", 1))) {
            try (Socket socket = server.open("/large.bin")) {
                ShareServer.head(socket.getInputStream());
                HttpResponse<byte[]> busy = server.get("/large.bin");
                assertEquals(503, busy.statusCode());
                assertEquals(List.of("1"), busy.headers().allValues("Retry-After"));
                assertEquals(List.of(), busy.headers().allValues("ETag"));
                assertEquals("HEAD needs no transfer", 200, server.send("HEAD", "/large.bin").statusCode());
            }
            await("free again", () -> server.servlet.running() == 0);
            assertEquals(206, server.get("/large.bin", "Range", "bytes=0-9").statusCode());
        }
    }

    /** The connection ends, by a reset or not, before the promised length. */
    private static void assertBrokenOff(InputStream in) throws Exception {
        long[] total = new long[1];
        try {
            sum(in, total);
        } catch (SocketException e) {
            assertTrue(e.getMessage(), e.getMessage().contains("reset"));
        }
        assertTrue(total[0] + " bytes", total[0] < LARGE);
    }
}
