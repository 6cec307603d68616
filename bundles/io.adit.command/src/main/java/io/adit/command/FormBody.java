package io.adit.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A form that a command line sends: read here, bounded, whatever the HTTP server's limits and filters are. Stateless. */
final class FormBody {

    private static final String TYPE = "application/x-www-form-urlencoded";

    private FormBody() {
    }

    /**
     * The values of fields that must be there once each, in that order.
     *
     * @param contentType the header's value, or null
     * @param most the largest body in bytes
     * @throws IllegalArgumentException with one line for the one who sent it
     */
    static List<String> fields(String contentType, InputStream body, int most, String... names) throws IOException {
        if (contentType == null || !contentType.split(";", 2)[0].strip().equalsIgnoreCase(TYPE)) {
            throw new IllegalArgumentException("the body must be " + TYPE);
        }
        byte[] bytes = body.readNBytes(most + 1);
        if (bytes.length > most) {
            throw new IllegalArgumentException("the body is longer than " + most + " bytes");
        }
        List<String> values = new ArrayList<>();
        for (String name : names) {
            values.add(field(name, new String(bytes, StandardCharsets.US_ASCII)));
        }
        return values;
    }

    private static String field(String name, String form) {
        Optional<String> found = Optional.empty();
        for (String pair : form.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0 && decode(pair.substring(0, equals)).equals(name)) {
                if (found.isPresent()) {
                    throw new IllegalArgumentException("the field '" + name + "' is there twice");
                }
                found = Optional.of(decode(pair.substring(equals + 1)));
            }
        }
        return found.orElseThrow(() -> new IllegalArgumentException("the field '" + name + "' is missing"));
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the body is not a form: bad percent-encoding", e);
        }
    }
}
