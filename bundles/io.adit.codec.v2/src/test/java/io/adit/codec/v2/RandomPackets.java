package io.adit.codec.v2;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.Kind;
import io.adit.api.packet.Packet.Register;
import io.adit.api.packet.Packet.Registered;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.api.packet.Packet.Trailers;

/**
 * Packets of all kinds from a seed: everyday values, values that only look like them (another case, a character more), and any bytes at
 * all. For every codec version alike: nothing here is what a rule of HTTP allows, only what a packet can hold.
 */
final class RandomPackets {

    private static final List<String> EVERYDAY = everyday();
    private static final int ENTRIES = 2 * (int) Rows.TEXT.lines().count();

    private final Random random;

    RandomPackets(long seed) {
        random = new Random(seed);
    }

    private static List<String> everyday() {
        List<String> texts = new ArrayList<>(List.of("", "GET", "get", "POST", "PROPFIND", "http", "https", "HTTP/1.1", "HTTP/2.0", "HTTP/1.0", "h2c", "/",
                "demo.localhost:8080", "websocket", "OK", "Ok", "Not Found", "203.0.113.7:5000", "[2001:db8::1]:443", "unknown", "[", "[]:", ":", "0", "5"));
        Rows.TEXT.lines().forEach(row -> {
            int colon = row.indexOf(": ");
            int end = colon >= 0 ? colon : row.contains(" = ") ? row.indexOf(" = ") : row.length();
            texts.add(row.substring(0, end));
            texts.add(row.substring(0, end).toLowerCase(Locale.ROOT));
            texts.add(colon < 0 ? "" : row.substring(colon + 2));
        });
        return texts;
    }

    Packet next() {
        return next(Kind.values()[random.nextInt(Kind.values().length)]);
    }

    Packet next(Kind kind) {
        return switch (kind) {
            case REGISTER -> new Register(text(), bytes(), text(), bytes(), fields(text(), text(), text(), -1));
            case REGISTERED -> new Registered(text(), text(), text(), random.nextInt(65536), text(), bytes(), bytes(), fields(text(), text(), text(), -1));
            case REQUEST -> request();
            case RESPONSE -> response();
            case TRAILERS -> new Trailers(fields(text(), text(), text(), -1));
        };
    }

    private RequestHead request() {
        String scheme = text();
        String authority = text();
        String client = text();
        long length = length();
        return new RequestHead(text(), scheme, authority, text(), text(), fields(scheme, authority, client, length), client, text(), length);
    }

    private ResponseHead response() {
        int status = random.nextInt(3) == 0 ? random.nextInt(65536) : 100 + random.nextInt(500);
        String reason = text();
        int known = Heads.status(status);
        if (known != 0 && random.nextBoolean()) {
            reason = Heads.REASONS[known];
        }
        long length = length();
        return new ResponseHead(status, reason, fields("http", text(), text(), length), text(), length);
    }

    /** Any; those that a head says of itself come often. */
    private Fields fields(String scheme, String authority, String client, long length) {
        Fields.Builder fields = Fields.builder();
        int count = random.nextInt(20) == 0 ? random.nextInt(300) : random.nextInt(12);
        Source.Values values = Source.Values.of(scheme, authority, client, length);
        for (int i = 0; i < count; i++) {
            Dictionary.Entry entry = random.nextInt(3) == 0 ? null : Dictionary.entry(random.nextInt(ENTRIES));
            if (entry == null) {
                fields.add(text(), text());
            } else {
                String value = entry.value() != null ? entry.value() : entry.source() != null ? values.get(entry.source()) : text();
                fields.add(entry.name(), nearly(value == null ? "" : value));
            }
        }
        return fields.build();
    }

    private String text() {
        return switch (random.nextInt(4)) {
            case 0 -> new String(bytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
            case 1 -> nearly(EVERYDAY.get(random.nextInt(EVERYDAY.size())));
            default -> EVERYDAY.get(random.nextInt(EVERYDAY.size()));
        };
    }

    /** Mostly as it is. */
    private String nearly(String text) {
        return switch (random.nextInt(12)) {
            case 0 -> text.toUpperCase(Locale.ROOT).replace('\u0178', 'Y').replace('\u039c', 'M');
            case 1 -> text + (char) random.nextInt(256);
            case 2 -> text.isEmpty() ? "" : text.substring(1);
            case 3 -> " " + text;
            default -> text;
        };
    }

    private byte[] bytes() {
        // the sizes at which a length takes a byte more come often
        int[] edges = {0, 1, 127, 128, 238, 239, 240, 241, 255, 256, 495, 496, 3567, 3568};
        int size = random.nextInt(8) == 0 ? edges[random.nextInt(edges.length)] : random.nextInt(40);
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private long length() {
        return switch (random.nextInt(6)) {
            case 0, 1 -> -1;
            case 2 -> random.nextInt(1000);
            case 3 -> 1L << random.nextInt(64);
            case 4 -> (1L << random.nextInt(64)) - 1;
            default -> random.nextLong();
        };
    }
}
