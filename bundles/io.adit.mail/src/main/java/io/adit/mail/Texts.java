package io.adit.mail;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of one language, from the file texts_LANGUAGE.properties (UTF-8) of this package. Immutable. */
final class Texts {

    /** Those that there are words in. */
    static final List<String> LANGUAGES = List.of("en", "de", "fr");

    private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)\\}");
    private static final Map<String, Texts> LOADED = new ConcurrentHashMap<>();

    private final String language;
    private final Properties words;

    private Texts(String language) {
        this.language = language;
        this.words = new Properties();
        try (InputStream in = Texts.class.getResourceAsStream("texts_" + language + ".properties")) {
            words.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param language one of {@link #LANGUAGES} */
    static Texts in(String language) {
        return LOADED.computeIfAbsent(language, Texts::new);
    }

    /**
     * @param wanted a tag of RFC 5646, or null; its first subtag decides
     * @param otherwise where there are no words in that
     */
    static String language(String wanted, String otherwise) {
        String primary = wanted == null ? "" : wanted.strip().toLowerCase(Locale.ROOT).split("[-_]", 2)[0];
        return LANGUAGES.contains(primary) ? primary : otherwise;
    }

    String language() {
        return language;
    }

    Locale locale() {
        return Locale.forLanguageTag(language);
    }

    /** The words, with {name} replaced by its value, once: what a value holds is not looked at. */
    String get(String key, Map<String, String> values) {
        String text = words.getProperty(key);
        if (text == null) {
            throw new IllegalArgumentException("no text " + key + " in " + language);
        }
        return PLACE.matcher(text).replaceAll(place -> {
            String value = values.get(place.group(1));
            if (value == null) {
                throw new IllegalArgumentException("no value for " + place.group() + " of " + key + " in " + language);
            }
            return Matcher.quoteReplacement(value);
        });
    }

    /** All keys, for tests. */
    java.util.Set<String> keys() {
        return words.stringPropertyNames();
    }
}
