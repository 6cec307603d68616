package io.adit.origin;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.adit.api.Checks;
import io.adit.api.Completion;
import io.adit.api.ErrorCode;
import io.adit.api.MessageStream;
import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet.ResponseHead;

/**
 * What of this container's own web server is not for visitors: where there is only one server, the console is on it as well. A path is hidden if any
 * reading of it leads there: the server may read it in one way or another. Immutable.
 */
final class HiddenPaths {

    private static final byte[] BODY = "Not found\n".getBytes(StandardCharsets.US_ASCII);

    private final List<List<String>> prefixes;

    private HiddenPaths(List<List<String>> prefixes) {
        this.prefixes = prefixes;
    }

    /** @param text separated by commas, each with a slash in front */
    static HiddenPaths parse(String text) {
        List<List<String>> prefixes = new ArrayList<>();
        for (String each : text.split(",")) {
            String path = each.strip();
            if (!path.isEmpty()) {
                List<String> segments = List.of(path.replaceFirst("^/", "").replaceFirst("/$", "").split("/"));
                if (!path.startsWith("/") || segments.contains("")) {
                    throw Checks.bad(OriginComponent.PID, "hidden.paths", text, "paths that begin with a slash");
                }
                prefixes.add(segments);
            }
        }
        return new HiddenPaths(List.copyOf(prefixes));
    }

    /** @param target of the request, as the browser sent it */
    boolean hide(String target) {
        if (prefixes.isEmpty()) {
            return false;
        }
        List<String> segments = segments(target);
        // an empty segment is one for some, which ".." takes away, and for others none
        return hide(resolve(segments)) || hide(resolve(segments.stream().filter(each -> !each.isEmpty()).toList()));
    }

    private boolean hide(List<String> path) {
        List<String> solid = path.stream().filter(each -> !each.isEmpty()).toList();
        return prefixes.stream().anyMatch(each -> solid.size() >= each.size() && solid.subList(0, each.size()).equals(each));
    }

    private static List<String> resolve(List<String> segments) {
        List<String> path = new ArrayList<>();
        for (String segment : segments) {
            if (segment.equals("..")) {
                if (!path.isEmpty()) {
                    path.remove(path.size() - 1);
                }
            } else if (!segment.equals(".")) {
                path.add(segment);
            }
        }
        return path;
    }

    /** Without query, parameters and percent-encoding; an encoded slash separates, too. */
    private static List<String> segments(String target) {
        String path = target.replaceFirst("[?#].*$", "").replaceFirst("^[A-Za-z][A-Za-z0-9+.-]*://[^/]*", "");
        StringBuilder plain = new StringBuilder();
        for (String segment : path.split("/", -1)) {
            plain.append('/').append(decode(segment.replaceFirst(";.*$", "")));
        }
        return Arrays.asList(plain.substring(1).replace('\\', '/').split("/", -1));
    }

    /** What is no encoding stays as it is. */
    private static String decode(String segment) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(segment.length());
        byte[] bytes = segment.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int high = i + 2 < bytes.length && bytes[i] == '%' ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low < 0) {
                octets.write(bytes[i]);
            } else {
                octets.write(high << 4 | low);
                i += 2;
            }
        }
        return octets.toString(StandardCharsets.UTF_8);
    }

    /** As if there were nothing. @param last whether the request has no body, which nobody would read */
    static void refuse(boolean last, MessageStream stream) {
        if (last) {
            Fields fields = Fields.of("Content-Type", "text/plain", "Content-Length", Integer.toString(BODY.length));
            stream.head(new ResponseHead(404, "Not Found", fields, "", BODY.length), ByteBuffer.wrap(BODY), true, Completion.NONE);
        } else {
            stream.reset(ErrorCode.ORIGIN_UNREACHABLE, "not for visitors");
        }
    }
}
