package io.adit.console;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.felix.utils.json.JSONWriter;

/** Trees of maps, collections, texts and numbers as JSON. Stateless. */
final class Json {

    private Json() {
    }

    /** An object from name, value, name, value, ... */
    static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    static String text(Object tree) {
        StringWriter out = new StringWriter();
        try {
            new JSONWriter(out).value(tree);
        } catch (IOException e) {
            throw new UncheckedIOException("a string takes everything", e);
        }
        return out.toString();
    }
}
