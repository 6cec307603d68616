package io.adit.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

import io.adit.api.packet.Fields;

/** Puts a {@link Problem} into the words and the form that a visitor wants: the host's own page, else ours. Thread-safe; reads no file. */
final class ErrorPages {

    /** Tells our errors from the origin's, which cannot send it. */
    static final String FIELD = "Adit-Error";

    private static final String POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src ";
    /** No script and nothing from elsewhere: such a page appears under the name of a site that is not the host's. */
    private static final String HOSTS_POLICY = POLICY + "'unsafe-inline'; img-src data:; font-src data:";

    private static final String OWN_PAGE = ownPage();
    private static final Template OWN = Template.of(OWN_PAGE);
    private static final String OWN_POLICY = POLICY + "'sha256-" + styleHash(OWN_PAGE) + "'";

    private final PagesFolder folder;

    ErrorPages(PagesFolder folder) {
        this.folder = folder;
    }

    /**
     * A whole answer.
     *
     * @param fields without Content-Length
     */
    record Answer(Fields fields, byte[] body) {
    }

    /**
     * @param host whom the visitor asked for
     * @param accept the values of the request's Accept fields
     */
    Answer answer(Problem problem, String host, List<String> accept) {
        return answer(problem, host, ProblemFormat.of(accept));
    }

    Answer answer(Problem problem, String host, ProblemFormat format) {
        if (problem.code() == null) {
            return new Answer(Fields.builder().add("Allow", Problem.ALLOW).build(), new byte[0]);
        }
        Fields.Builder fields = Fields.builder();
        fields.add("Content-Type", format.contentType()).add("Cache-Control", "no-store").add("X-Content-Type-Options", "nosniff");
        fields.add(FIELD, problem.code().code());
        if (problem.status() == 405) {
            fields.add("Allow", Problem.ALLOW);
        }
        if (problem.retryAfter() > 0) {
            fields.add("Retry-After", Integer.toString(problem.retryAfter()));
        }
        String body;
        if (format == ProblemFormat.HTML) {
            Template hosts = folder.find(problem);
            fields.add("Content-Security-Policy", hosts == null ? OWN_POLICY : HOSTS_POLICY);
            body = (hosts == null ? OWN : hosts).render(problem, Problem.printable(host));
        } else {
            body = format == ProblemFormat.PLAIN ? ProblemFormat.text(problem) : ProblemFormat.json(problem);
        }
        return new Answer(fields.build(), body.getBytes(StandardCharsets.UTF_8));
    }

    private static String ownPage() {
        try (InputStream in = ErrorPages.class.getResourceAsStream("problem.html")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of exactly what is between the two tags (CSP level 3, section 6.7.3.3). */
    private static String styleHash(String page) {
        String style = page.substring(page.indexOf("<style>") + "<style>".length(), page.indexOf("</style>"));
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has it", e);
        }
    }
}
