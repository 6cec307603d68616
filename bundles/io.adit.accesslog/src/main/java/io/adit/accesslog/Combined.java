package io.adit.accesslog;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import io.adit.api.Redaction;
import io.adit.api.RequestListener.Begin;
import io.adit.api.RequestListener.End;
import io.adit.api.RequestListener.How;

/**
 * The Combined Log Format of Apache HTTP Server, escaped as that does it (ap_escape_logitem in server/util.c): what a visitor sent is never a line end or
 * the end of a quoted text. A request without a response has the status 499 where who asked went away, as nginx has it, else 000.
 */
final class Combined implements Line {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);
    private static final String NONE = "-";

    private final Texts texts;
    private final boolean host;
    private final ZoneId zone;

    /** @param host whether a line begins with the host and port that were asked for */
    Combined(Texts texts, boolean host, ZoneId zone) {
        this.texts = texts;
        this.host = host;
        this.zone = zone;
    }

    @Override
    public String of(Begin begin, End end) {
        StringBuilder line = new StringBuilder(256);
        if (host) {
            bare(line, Redaction.address(begin.authority())).append(' ');
        }
        bare(line, begin.visitor()).append(" - - [");
        TIME.formatTo(begin.at().atZone(zone), line);
        line.append("] \"");
        if (begin.method().isEmpty()) {
            line.append(NONE); // what was refused before its request line was known
        } else {
            escape(line, texts.method(begin)).append(' ');
            escape(line, orNone(texts.target(begin))).append(' ');
            escape(line, begin.protocol());
        }
        line.append("\" ");
        status(line, end).append(' ');
        if (end.responseBytes() == 0) {
            line.append(NONE);
        } else {
            line.append(end.responseBytes());
        }
        line.append(" \"");
        escape(line, orNone(texts.referer(begin))).append("\" \"");
        escape(line, orNone(texts.agent(begin))).append('"');
        return line.toString();
    }

    private static StringBuilder status(StringBuilder line, End end) {
        return end.status() > 0 ? line.append(end.status()) : line.append(end.how() == How.GONE ? "499" : "000");
    }

    private static String orNone(String text) {
        return text.isEmpty() ? NONE : text;
    }

    /** A text without quotes around it: a space would end it. */
    private static StringBuilder bare(StringBuilder line, String text) {
        return escape(line, orNone(text.replace(' ', '_')));
    }

    private static StringBuilder escape(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                line.append(c);
                continue;
            }
            line.append('\\');
            switch (c) {
                case '\b' -> line.append('b');
                case '\n' -> line.append('n');
                case '\r' -> line.append('r');
                case '\t' -> line.append('t');
                case 0x0b -> line.append('v');
                case '"', '\\' -> line.append(c);
                // a character is a byte; what is none is cut to one
                default -> line.append('x').append(Character.forDigit(c >> 4 & 0xf, 16)).append(Character.forDigit(c & 0xf, 16));
            }
        }
        return line;
    }
}
