package io.adit.share;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The frame of every generated page: one style, inline, no script, nothing from elsewhere. */
final class Page {

    /** What a generated page may load: its own style and pictures of this server. */
    static final String SECURITY_POLICY;

    /** The pictures that {@link #icon} refers to; they must stand somewhere in a page that has icons. */
    static final String ICONS = resource("icons.svg");

    private static final String STYLE = resource("page.css");

    static {
        SECURITY_POLICY = "default-src 'none'; img-src 'self'; style-src 'sha256-"
            + Base64.getEncoder().encodeToString(Validators.sha256(STYLE))
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
    }

    private Page() { }

    /**
     * A whole page.
     *
     * @param title plain text
     * @param main HTML
     */
    static byte[] render(String title, CharSequence main) {
        return ("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            + "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n"
            + "<title>" + escape(title) + "</title>\n<style>" + STYLE + "</style>\n</head>\n<body>\n"
            + "<main>\n" + main + "</main>\n<footer>Shared with <b>Adit</b></footer>\n</body>\n</html>\n")
            .getBytes(StandardCharsets.UTF_8);
    }

    /** A page that says what went wrong, with a way to the folder's top when there is one. */
    static byte[] error(int status, String title, String text, String top) {
        String link = top == null ? "" : "<p><a class=\"button\" href=\"" + escape(top) + "\">Go to the top</a></p>\n";
        return render(title, "<section class=\"error\">\n<p class=\"code\">" + status + "</p>\n<h1>" + escape(title)
            + "</h1>\n<p>"
            + escape(text) + "</p>\n" + link + "</section>\n");
    }

    static String icon(String name) {
        return "<svg class=\"icon " + name + "\" aria-hidden=\"true\"><use href=\"#i-" + name + "\"/></svg>";
    }

    /** Text for HTML, in elements and in quoted attributes. */
    static String escape(String text) {
        StringBuilder html = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                // A control character is no valid HTML, and as a line break it would vanish from the name.
                default -> html.append(Character.isISOControl(c) ? '\uFFFD' : c);
            }
        }
        return html.toString();
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
