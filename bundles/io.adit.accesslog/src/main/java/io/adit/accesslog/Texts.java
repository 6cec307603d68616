package io.adit.accesslog;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import io.adit.accesslog.Settings.Query;
import io.adit.api.Redaction;
import io.adit.api.RequestListener.Begin;

/** What is written of the texts that a visitor chose: bounded, and without secrets. Immutable. */
record Texts(Query query, int most) {

    private static final String CUT = "...";

    /** Empty where there is none. */
    String method(Begin request) {
        return bounded(request.method());
    }

    String target(Begin request) {
        return bounded(address(request.target()));
    }

    /** Empty where there is none. */
    String referer(Begin request) {
        String value = request.fields().first("referer");
        return value == null ? "" : bounded(address(value));
    }

    /** Empty where there is none. */
    String agent(Begin request) {
        String value = request.fields().first("user-agent");
        return value == null ? "" : bounded(value);
    }

    private String address(String text) {
        return switch (query) {
            case FULL -> text;
            case REDACTED -> Redaction.address(text);
            case NONE -> path(text);
        };
    }

    private static String path(String text) {
        int end = text.indexOf('?');
        int fragment = text.indexOf('#');
        if (end < 0 || fragment >= 0 && fragment < end) {
            end = fragment;
        }
        return end < 0 ? text : text.substring(0, end);
    }

    private String bounded(String text) {
        return text.length() <= most ? text : text.substring(0, most - CUT.length()) + CUT;
    }

    /** Texts of a message are a byte a character; most who send others than ASCII mean UTF-8. */
    static String readable(String text) {
        int ascii = 0;
        while (ascii < text.length() && text.charAt(ascii) < 0x80) {
            ascii++;
        }
        if (ascii == text.length()) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1))).toString();
        } catch (CharacterCodingException e) {
            return text; // Latin-1, after all
        }
    }
}
