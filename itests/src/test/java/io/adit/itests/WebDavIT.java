package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** WebDAV at Apache httpd: litmus, the suite for WebDAV servers, and curl with methods of WebDAV. */
public class WebDavIT {

    private static Httpd httpd;
    private static Site site;

    @BeforeClass
    public static void start() throws Exception {
        Program.assumeInstalled(WebDavIT.class, Httpd.PROGRAM, "litmus", "curl");
        httpd = Httpd.start();
        site = Site.sharedBefore(httpd.url(), WebDavIT.class);
    }

    @AfterClass
    public static void stop() throws Exception {
        try (Httpd closed = httpd) {
            if (site != null) {
                site.stop();
            }
        }
    }

    @Test
    public void litmusFindsTheSame() throws Exception {
        SideBySide.same("litmus", litmus(httpd.url()), litmus(site.url()));
    }

    @Test
    public void aDestinationIsTheOneThatTheOriginKnows() throws Exception {
        SideBySide.same("curl PUT, COPY, MOVE, PROPFIND, DELETE", walk(httpd.url()), walk(site.url()));
        // Servers compare the two; so the origin must see the host that the client means.
        for (String url : List.of(httpd.url(), site.url())) {
            String host = url.substring("http://".length());
            String line = "MOVE /dav/second.txt HTTP/1.1 201 Host=" + host + " Destination=" + url + "/dav/third.txt";
            Await.until(line, () -> httpd.log().stream().anyMatch(each -> each.startsWith(line)));
        }
    }

    /** By way of a proxy URL, so that no resolver needs to know names under localhost: litmus sends the absolute form of targets. */
    private static String litmus(String url) throws Exception {
        String address = url.replaceAll("//.*:", "//127.0.0.1:");
        Program program = Program.run(site.folder(), Map.of(),
            List.of("litmus", "-k", "--proxy=" + address, url + "/dav/"));
        List<String> summaries = program.out().lines().filter(each -> each.contains("summary for")).toList();
        assertEquals("all of its suites ran: " + program, 5, summaries.size());
        assertTrue(program.toString(), summaries.stream().allMatch(each -> each.contains(" 0 failed")));
        int passed = summaries.stream().mapToInt(each -> Integer.parseInt(each.replaceAll(".*run: (\\d+) passed.*", "$1"))).sum();
        return passed + " tests passed, exit code " + program.exit() + "\n" + program.out();
    }

    private static String walk(String url) throws Exception {
        Path folder = site.folder();
        Path dav = httpd.folder("dav");
        Files.writeString(folder.resolve("source.txt"), "a file with a long way to go\n");
        StringBuilder result = new StringBuilder();
        result.append(curl("-T", "source.txt", url + "/dav/first%20one.txt"));
        result.append(curl("-X", "COPY", "-H", "Destination: " + url + "/dav/second.txt", url + "/dav/first%20one.txt"));
        result.append(curl("-X", "MOVE", "-H", "Destination: " + url + "/dav/third.txt", "-H", "Overwrite: F", url + "/dav/second.txt"));
        result.append(curl("-X", "PROPFIND", "-H", "Depth: 1", url + "/dav/"));
        assertEquals(Files.readString(folder.resolve("source.txt")), Files.readString(dav.resolve("third.txt")));
        result.append(curl("-X", "DELETE", url + "/dav/third.txt"));
        result.append(curl("-X", "DELETE", url + "/dav/first%20one.txt"));
        return result.toString();
    }

    /** @return the status, and on further lines the names of the resources in a multi-status */
    private static String curl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--noproxy", "*", "-w", "\n%{http_code} "));
        command.addAll(List.of(arguments));
        String out = Program.succeed(site.folder(), Map.of(), command).out();
        String names = String.join(" ", out.lines().filter(each -> each.contains("<D:href>")).map(String::strip).toList());
        return out.substring(out.lastIndexOf('\n') + 1) + names;
    }
}
