package io.adit.mail;

import java.net.URI;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import io.adit.api.LocalAnswers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links to unsubscribe: GET shows a page with buttons and changes nothing (programs open links too), POST does it, by the page's button or by the
 * one click of a mail program (RFC 8058). Only links that were made here are answered.
 *
 * <p>Thread-safe; what waits for the disk runs in the executor.
 */
final class Unsubscribe implements LocalAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(Unsubscribe.class);
    private static final String FOLDER = "/.well-known/adit/unsubscribe/";
    private static final String ALL = "/all";

    private final Tokens tokens;
    private final String url;
    private final MailStore database;
    private final Executor executor;
    private final Clock clock;

    /**
     * @param url what the links begin with; empty: the domain of the peer's own URL
     * @param executor bounded; may refuse
     */
    Unsubscribe(Tokens tokens, String url, MailStore database, Executor executor, Clock clock) {
        this.tokens = tokens;
        this.url = url;
        this.database = database;
        this.executor = executor;
        this.clock = clock;
    }

    /** Where the reader of a letter about this event says that he wants no more. */
    String url(Event event) {
        return (url.isEmpty() ? site(event.url(), event.name()) : url) + FOLDER
                + tokens.token(new Tokens.Link(event.name(), event.recipient().key(), event.language()));
    }

    /** The peer's URL without its name, which is the proxy's own domain: it is there when the name is not. */
    private static String site(String peerUrl, String name) {
        URI uri = URI.create(peerUrl);
        String authority = uri.getRawAuthority();
        return uri.getScheme() + "://" + (authority.startsWith(name + ".") ? authority.substring(name.length() + 1) : authority);
    }

    @Override
    public Optional<String> answer(String host, String path) {
        return Optional.empty();
    }

    @Override
    public Optional<CompletionStage<Page>> page(String method, String host, String path) {
        if (!path.startsWith(FOLDER)) {
            return Optional.empty();
        }
        String token = path.substring(FOLDER.length());
        boolean all = token.endsWith(ALL);
        Optional<Tokens.Link> known = tokens.link(all ? token.substring(0, token.length() - ALL.length()) : token);
        return known.map(link -> method.equals("POST") ? stop(link, all) : CompletableFuture.completedStage(question(link, path, all)));
    }

    private CompletionStage<Page> stop(Tokens.Link link, boolean all) {
        Map<String, String> words = Map.of("name", link.name());
        Texts texts = texts(link);
        try {
            return CompletableFuture.supplyAsync(() -> {
                try {
                    database.run(tables -> {
                        tables.unsubscribe(all ? "" : link.name(), link.who(), clock.instant());
                        return null;
                    });
                    LOG.info("unsubscribed name={}", all ? "(all)" : link.name());
                    return new Page(200, html(texts, words, "<p>" + escaped(texts, all ? "page.stopped.all" : "page.stopped", words) + "</p>"));
                } catch (SQLException e) {
                    LOG.warn("nobody can unsubscribe now", e);
                    return busy(texts, words);
                }
            }, executor);
        } catch (RejectedExecutionException e) {
            LOG.warn("nobody can unsubscribe now: {}", e.getMessage());
            return CompletableFuture.completedStage(busy(texts, words));
        }
    }

    private static Page busy(Texts texts, Map<String, String> words) {
        return new Page(503, html(texts, words, "<p>" + escaped(texts, "page.busy", words) + "</p>"));
    }

    /** @param path of the link, which is of characters that need no escape */
    private static Page question(Tokens.Link link, String path, boolean all) {
        Map<String, String> words = Map.of("name", link.name());
        Texts texts = texts(link);
        String one = all ? path.substring(0, path.length() - ALL.length()) : path;
        return new Page(200, html(texts, words, "<p>" + escaped(texts, "page.ask", words) + "</p>\n"
                + form(one, escaped(texts, "page.stop", words)) + form(one + ALL, escaped(texts, "page.stop.all", words))));
    }

    private static String form(String action, String label) {
        return "<form method=\"post\" action=\"" + Composer.escape(action) + "\"><button type=\"submit\">" + label + "</button></form>\n";
    }

    private static String html(Texts texts, Map<String, String> words, String body) {
        String title = escaped(texts, "page.title", words);
        return """
            <!DOCTYPE html>
            <html lang="%s">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>%s</title>
            <style>
            :root { color-scheme: light dark; --back: #f5f2ed; --ink: #2a2520; --line: #d8d0c4; --mark: #a4530f }
            @media (prefers-color-scheme: dark) { :root { --back: #171513; --ink: #ece6de; --line: #4a433b; --mark: #e79a55 } }
            body { max-width: 36rem; margin: 0 auto; padding: 18vh 1.5rem 2rem; background: var(--back); color: var(--ink); overflow-wrap: anywhere;
                font: 1.125rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif }
            h1 { margin: 0 0 .75rem; font-size: 2rem; line-height: 1.2; text-wrap: balance }
            p { margin: 0 0 1.5rem }
            button { width: 100%%; margin: 0 0 .75rem; padding: .75rem 1.25rem; border: 1px solid var(--line); border-radius: 10px; background: none; color: inherit;
                font: inherit; cursor: pointer }
            form:first-of-type button { border-color: var(--mark); background: var(--mark); color: var(--back); font-weight: 600 }
            button:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px }
            </style></head>
            <body><h1>%s</h1>
            %s
            </body>
            </html>
            """.formatted(texts.language(), title, title, body);
    }

    private static String escaped(Texts texts, String key, Map<String, String> words) {
        return Composer.escape(texts.get(key, words));
    }

    private static Texts texts(Tokens.Link link) {
        return Texts.in(Texts.language(link.language(), "en"));
    }
}
