package io.adit.inventory;

import java.io.IOException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

import io.adit.api.Redaction;

/** Values of configurations without secrets. Stateless. */
final class Settings {

    /** Of a key that holds one, whatever the Metatype says of it. */
    private static final Pattern SECRET = Pattern.compile("(?i)(password|passwd|secret|token|invitation|credential|passphrase)(?!.*\\.(file|uri|url|path|name)$)");
    /** Of whoever is told by e-mail: nobody's business. */
    private static final Pattern ADDRESS = Pattern.compile("[^\\s,@]+@([^\\s,@/:]+\\.[a-zA-Z]{2,})");

    private Settings() {
    }

    /**
     * The values by their keys, sorted.
     *
     * @param pid of the configuration, or of its factory
     * @param password whether the Metatype says of that key of that PID that it is a secret
     */
    static Map<String, Object> shown(String pid, Dictionary<String, Object> properties, BiPredicate<String, String> password) throws IOException {
        Map<String, Object> shown = new TreeMap<>();
        for (String key : java.util.Collections.list(properties.keys())) {
            Object value = properties.get(key);
            boolean empty = value instanceof String text && text.isEmpty();
            boolean secret = !empty && (password.test(pid, key) || SECRET.matcher(key).find());
            shown.put(key, secret ? Redaction.MARK : value(value));
        }
        return shown;
    }

    private static Object value(Object value) {
        if (value instanceof Number || value instanceof Boolean) {
            return value;
        } else if (value instanceof Collection<?> many) {
            return many.stream().map(Settings::value).toList();
        } else if (value != null && value.getClass().isArray()) {
            List<Object> many = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                many.add(value(Array.get(value, i)));
            }
            return many;
        }
        return text(String.valueOf(value));
    }

    /** What a secret may stand in: an invitation, a login or a parameter of an address, an address of somebody. */
    static String text(String text) {
        String shown = text.contains("adit://") ? text.replaceAll("adit://\\S*", "adit://" + Redaction.MARK) : Redaction.address(text);
        return ADDRESS.matcher(shown).replaceAll(Redaction.MARK + "@$1").replace("[" + Redaction.MARK, Redaction.MARK);
    }
}
