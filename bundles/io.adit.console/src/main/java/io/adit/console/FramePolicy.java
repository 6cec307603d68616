package io.adit.console;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Content-Security-Policy of our pages: nothing inline, nothing from elsewhere. The web console's frame around them has scripts and styles
 * inline, from its template; exactly those are allowed, by their hashes (CSP level 3, section 6.7.2). Thread-safe: immutable.
 */
final class FramePolicy {

    private static final Logger LOG = LoggerFactory.getLogger(FramePolicy.class);
    private static final String TEMPLATE = "templates/main_header.html";
    private static final Pattern SCRIPT = Pattern.compile("<script[^>]*>([^<].*?)</script>", Pattern.DOTALL);
    private static final Pattern STYLE = Pattern.compile("\\sstyle=\"([^\"]*)\"");
    private static final String FIXED = "default-src 'none'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
            + "frame-ancestors 'self'; ";

    private final String template;

    /** @param webConsole the bundle of the web console */
    FramePolicy(Bundle webConsole) {
        this(read(webConsole));
    }

    /** @param template of the frame's head; empty where it is not known, and then all that is inline is allowed */
    FramePolicy(String template) {
        this.template = template;
    }

    private static String read(Bundle webConsole) {
        URL url = webConsole.getEntry(TEMPLATE);
        if (url == null) {
            LOG.warn("{} has no {}: the pages of Adit allow inline scripts, since the frame has some", webConsole, TEMPLATE);
            return "";
        }
        try (InputStream in = url.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            LOG.warn("{} of {} cannot be read: the pages of Adit allow inline scripts, since the frame has some", TEMPLATE, webConsole, e);
            return "";
        }
    }

    /**
     * The field's value.
     *
     * @param appRoot where the web console is
     * @param label of the page
     */
    String value(String appRoot, String label) {
        if (template.isEmpty()) {
            return FIXED + "script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'";
        }
        String html = template.replace("${appRoot}", appRoot).replace("${head.label}", label).replace("\r\n", "\n");
        StringBuilder scripts = new StringBuilder("script-src 'self'");
        for (Matcher each = SCRIPT.matcher(html); each.find();) {
            scripts.append(" '").append(hash(each.group(1))).append('\'');
        }
        StringBuilder styles = new StringBuilder("; style-src 'self' 'unsafe-hashes'");
        for (Matcher each = STYLE.matcher(html); each.find();) {
            styles.append(" '").append(hash(each.group(1))).append('\'');
        }
        return FIXED + scripts + styles;
    }

    private static String hash(String text) {
        try {
            return "sha256-" + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
