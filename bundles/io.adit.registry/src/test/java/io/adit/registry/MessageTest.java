package io.adit.registry;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.util.List;

import io.adit.registry.Message.MalformedException;
import org.junit.Test;

/** Lines of a link, and what they carry. */
public class MessageTest {

    private static String malformed(String line) {
        return assertThrows(line, MalformedException.class, () -> Message.parse(line)).getMessage();
    }

    @Test
    public void R2_aLineIsAVerbAndAForm() throws Exception {
        Message message = new Message("online").with("name", "demo").with("detail", "a b").with("detail", "\u00e4&=\n").with("n", 7);
        assertEquals("online name=demo&detail=a+b&detail=%E4%26%3D%0A&n=7", message.line());
        Message read = Message.parse(message.line());
        assertEquals("online", read.verb());
        assertEquals("demo", read.text("name"));
        assertEquals(List.of("a b", "\u00e4&=\n"), read.all("detail"));
        assertEquals(7, read.number("n", 0, 7));
        assertEquals(List.of(), Message.parse("key").all("public"));
    }

    @Test
    public void R3_whatIsMalformedIsSaid() throws Exception {
        assertEquals("a line without a verb", malformed(""));
        assertEquals("a line without a verb", malformed("ONLINE name=a"));
        assertEquals("online: a value without a name", malformed("online =a"));
        assertEquals("online: bad percent-encoding", malformed("online name=%zz"));
        assertEquals("names: more than 1024 values", malformed("names " + "n=a&".repeat(1025)));
        Message message = Message.parse("load peers=5&twice=1&twice=2&word=x");
        assertEquals("load: no name", assertThrows(MalformedException.class, () -> message.text("name")).getMessage());
        assertEquals("load: more than one twice", assertThrows(MalformedException.class, () -> message.text("twice")).getMessage());
        assertEquals("load: peers is not in 0..4", assertThrows(MalformedException.class, () -> message.number("peers", 0, 4)).getMessage());
        assertEquals("load: word is no number", assertThrows(MalformedException.class, () -> message.number("word", 0, 4)).getMessage());
    }

    @Test
    public void R5_anAnnouncement() throws Exception {
        Announcement said = new Announcement("192.0.2.7", 7443, "ab".repeat(32), List.of(InetAddress.getByName("203.0.113.7"), InetAddress.getByName("2001:db8::1")),
                "http://{name}.example/", 500, true);
        assertEquals(said, Announcement.of(Message.parse(said.message().line())));
        assertEquals("192.0.2.7:7443", said.tunnel());
        assertEquals("http://demo.example/", said.url("demo"));
        String line = said.message().line();
        for (String[] bad : new String[][] {{"host=192.0.2.7", "host=a%20b"}, {"port=7443", "port=0"}, {"cert=ab", "cert=zz"}, {"url=http", "url=ftp"},
            {"%7Bname%7D", "name"}, {"capacity=500", "capacity=0"}, {"203.0.113.7", "gw.example"}, {"203.0.113.7", "1.2.3.256"}, {"&draining=yes", ""}}) {
            String changed = line.replace(bad[0], bad[1]);
            assertTrue(bad[0], !changed.equals(line));
            assertThrows(changed, MalformedException.class, () -> Announcement.of(Message.parse(changed)));
        }
    }
}
