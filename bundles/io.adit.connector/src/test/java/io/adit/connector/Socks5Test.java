package io.adit.connector;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

import io.adit.way.Login;

import org.junit.Test;

/** RFC 1928 and RFC 1929 in hexadecimal, answer by answer; each whole and byte by byte. */
public class Socks5Test {

    private static final Login LOGIN = new Login("user", "pass");
    /** Port 7443. */
    private static final String PORT = "1d13";
    private static final String NAME = "05010003" + "0e" + hex("tunnel.example") + PORT;
    private static final String USER = "01" + "04" + hex("user") + "04" + hex("pass");

    @Test
    public void everyWayToTheConnection() throws Exception {
        String[] replies = {"05000001" + "7f000001" + "0001", "05000004" + "00".repeat(16) + "0001", "05000003" + "04" + hex("host") + "0001",
            "05000003" + "00" + "0001", "05000003" + "ff" + "61".repeat(255) + "0001"};
        for (String reply : replies) {
            assertEquals("050100|" + NAME, talk(null, "0500" + reply + "1603"));
            assertEquals("05020002|" + NAME, talk(LOGIN, "0500" + reply + "1603"));
            assertEquals("05020002|" + USER + "|" + NAME, talk(LOGIN, "0502" + "0100" + reply + "1603"));
            assertEquals("another version in the answer to the login", "05020002|" + USER + "|" + NAME, talk(LOGIN, "0502" + "0500" + reply + "1603"));
        }
    }

    @Test
    public void addressesAreSentAsSuchAndNamesAreNotLookedUp() throws Exception {
        Map<String, String> table = new LinkedHashMap<>();
        table.put("192.0.2.1", "01" + "c0000201");
        table.put("2001:db8::1", "04" + "20010db8" + "00".repeat(11) + "01");
        table.put("::1", "04" + "00".repeat(15) + "01");
        table.put("192.0.2.256", "03" + "0b" + hex("192.0.2.256"));
        table.put("192.0.2", "03" + "07" + hex("192.0.2"));
        table.put("no.such.name.invalid", "03" + "14" + hex("no.such.name.invalid"));
        table.put("a".repeat(255), "03" + "ff" + hex("a".repeat(255)));
        for (Map.Entry<String, String> row : table.entrySet()) {
            Socks5 socks = new Socks5(row.getKey(), 7443, null);
            assertEquals("050100" + row.getValue() + PORT, HexFormat.of().formatHex(socks.received(bytes("0500"))));
        }
    }

    @Test
    public void longestUserAndPassword() throws Exception {
        Socks5 socks = new Socks5("a", 1, new Login("u".repeat(255), ""));
        assertEquals("01" + "ff" + hex("u".repeat(255)) + "00", HexFormat.of().formatHex(socks.received(bytes("0502"))));
    }

    @Test
    public void everyRefusalIsOneLineThatSaysWhy() {
        Map<String, String> table = new LinkedHashMap<>();
        String to = "cannot connect to tunnel.example:7443: ";
        table.put("0500" + "0501", to + "general failure (SOCKS5 reply 1)");
        table.put("0500" + "0502", "refuses a connection to tunnel.example:7443: not allowed by its rules (SOCKS5 reply 2)");
        table.put("0500" + "0503", to + "network unreachable (SOCKS5 reply 3)");
        table.put("0500" + "0504", to + "host unreachable (SOCKS5 reply 4)");
        table.put("0500" + "0505", to + "connection refused (SOCKS5 reply 5)");
        table.put("0500" + "0506", to + "TTL expired (SOCKS5 reply 6)");
        table.put("0500" + "0507", to + "command not supported (SOCKS5 reply 7)");
        table.put("0500" + "0508", to + "address type not supported (SOCKS5 reply 8)");
        table.put("0500" + "0509", to + "unknown reason (SOCKS5 reply 9)");
        table.put("0502" + "0100" + "05ff", to + "unknown reason (SOCKS5 reply 255)");
        table.put("0502" + "0101", "does not accept the user and the password (SOCKS5 status 1)");
        table.put("0502" + "01ff", "does not accept the user and the password (SOCKS5 status 255)");
        table.put("05ff", "wants a login of another kind than user and password (SOCKS5)");
        table.put("0501", "chooses a login that it was not offered (SOCKS5 method 1)");
        table.put("0503", "chooses a login that it was not offered (SOCKS5 method 3)");
        table.put(hex("HTTP/1.1 400 Bad Request"), "is no SOCKS5 proxy: its answer begins with 0x48");
        table.put("005b", "is no SOCKS5 proxy: its answer begins with 0x00");
        table.put("0500" + "0400", "is no SOCKS5 proxy: its answer begins with 0x04");
        table.put("0500" + "05000002" + "ff", "is no SOCKS5 proxy: its reply has an address of type 2");
        table.put("0500" + "050000ff" + "ff", "is no SOCKS5 proxy: its reply has an address of type 255");
        table.forEach((answer, message) -> {
            DialException refused = assertThrows(message, DialException.class, () -> talk(LOGIN, answer));
            assertEquals(message, refused.getMessage());
            assertEquals(message, message.contains("does not accept"), refused.isLogin());
        });
        assertEquals("wants a login, and there is none (SOCKS5)", assertThrows(DialException.class, () -> talk(null, "05ff")).getMessage());
        assertEquals("chooses a login that it was not offered (SOCKS5 method 2)", assertThrows(DialException.class, () -> talk(null, "0502")).getMessage());
    }

    @Test
    public void anAnswerThatIsCutIsNoSuccess() throws Exception {
        String answers = "0502" + "0100" + "05000003" + "04" + hex("host") + "0001";
        for (int i = 0; i < answers.length(); i += 2) {
            Socks5 socks = new Socks5("a", 1, LOGIN);
            ByteBuffer in = bytes(answers.substring(0, i));
            while (in.hasRemaining()) {
                socks.received(in);
            }
            assertFalse(answers.substring(0, i), socks.isDone());
        }
    }

    /** @return what was said, with bars between; "1603" at the end of the answers is the tunnel's, and is left */
    private static String talk(Login login, String answers) throws DialException {
        String whole = talk(login, answers, Integer.MAX_VALUE);
        assertEquals("byte by byte", whole, talk(login, answers, 1));
        return whole;
    }

    private static String talk(Login login, String answers, int atOnce) throws DialException {
        Socks5 socks = new Socks5("tunnel.example", 7443, login);
        StringBuilder said = new StringBuilder(HexFormat.of().formatHex(socks.begin()));
        ByteBuffer all = bytes(answers);
        while (all.hasRemaining() && !socks.isDone()) {
            ByteBuffer in = all.slice(all.position(), Math.min(atOnce, all.remaining()));
            byte[] words = socks.received(in);
            all.position(all.position() + in.position());
            said.append(words.length == 0 ? "" : "|" + HexFormat.of().formatHex(words));
        }
        assertTrue(answers, socks.isDone());
        assertEquals("left for the tunnel", ByteBuffer.wrap(new byte[] {0x16, 3}), all);
        return said.toString();
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
