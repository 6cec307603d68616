package io.adit.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTML page with placeholders. Everything that is put in is escaped. Immutable. */
final class Template {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(status|title|text|advice|owner|code|host)}");

    /** Text, placeholder, text, placeholder ... text. */
    private final List<String> parts;

    private Template(List<String> parts) {
        this.parts = parts;
    }

    /** Other things in braces, of which a style sheet is full, stay as they are. */
    static Template of(String html) {
        List<String> parts = new ArrayList<>();
        Matcher matcher = PLACEHOLDER.matcher(html);
        int from = 0;
        while (matcher.find()) {
            parts.add(html.substring(from, matcher.start()));
            parts.add(matcher.group(1));
            from = matcher.end();
        }
        parts.add(html.substring(from));
        return new Template(List.copyOf(parts));
    }

    String render(Problem problem, String host) {
        ProblemCode code = problem.code();
        Map<String, String> values = Map.of("status", Integer.toString(problem.status()), "title", problem.title(), "text", problem.text(),
                "advice", code.advice(), "owner", code.owner(), "code", code.code(), "host", host);
        StringBuilder page = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            page.append(i % 2 == 0 ? parts.get(i) : escape(values.get(parts.get(i))));
        }
        return page.toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }
}
