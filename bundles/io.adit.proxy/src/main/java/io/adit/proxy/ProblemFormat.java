package io.adit.proxy;

import java.util.List;
import java.util.Locale;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.QuotedQualityCSV;

/** In which form a visitor would rather have an error (RFC 9110 section 12.5.1). */
enum ProblemFormat {
    HTML("text/html;charset=utf-8"), PROBLEM_JSON("application/problem+json"), JSON("application/json"), PLAIN("text/plain;charset=utf-8");

    private final String contentType;

    ProblemFormat(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /**
     * The first that we have, in the order of the visitor's preference. Who takes anything (curl), says nothing, or takes nothing that we
     * have gets a line of text: a page is for those who name it.
     *
     * @param accept the values of all Accept fields
     */
    static ProblemFormat of(List<String> accept) {
        QuotedQualityCSV preferred = new QuotedQualityCSV(QuotedQualityCSV.MOST_SPECIFIC_MIME_ORDERING);
        accept.forEach(preferred::addValue);
        for (String value : preferred) {
            int parameters = value.indexOf(';');
            String type = (parameters < 0 ? value : value.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
            switch (type) {
                case "text/html", "application/xhtml+xml" -> {
                    return HTML;
                }
                case "application/json", "application/*" -> {
                    return JSON;
                }
                case "text/plain", "text/*", "*/*" -> {
                    return PLAIN;
                }
                default -> {
                    if (type.endsWith("+json")) {
                        // also for types that are somebody's own: their readers read JSON
                        return PROBLEM_JSON;
                    }
                }
            }
        }
        return PLAIN;
    }

    /** The short forms; {@link Template} makes the page. */
    static String text(Problem problem) {
        return problem.title() + "\n" + problem.text() + "\n" + problem.code().advice() + "\n";
    }

    /** RFC 9457, with our code as an extension; without a type of its own the title is the status in words (section 4.2.1). */
    static String json(Problem problem) {
        return "{\"type\":\"about:blank\",\"title\":" + quote(HttpStatus.getMessage(problem.status())) + ",\"status\":" + problem.status() + ",\"detail\":"
                + quote(problem.text()) + ",\"code\":" + quote(problem.code().code()) + ",\"retryable\":" + problem.code().isRetryable() + "}\n";
    }

    /** Texts here are printable ASCII ({@link Problem#printable}): two characters are left to escape. */
    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
