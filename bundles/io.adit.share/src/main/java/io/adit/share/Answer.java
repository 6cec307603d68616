package io.adit.share;

import io.adit.share.Folder.Resource;
import io.adit.share.Ranges.Range;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The answers to one request. Each request gets exactly one of them. */
final class Answer {

    private static final String ALLOWED = "GET, HEAD, OPTIONS";

    private static final String HTML = "text/html; charset=utf-8";

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final ShareOptions options;
    private final Transfers transfers;
    private final boolean head;

    Answer(HttpServletRequest request, HttpServletResponse response, ShareOptions options, Transfers transfers) {
        this.request = request;
        this.response = response;
        this.options = options;
        this.transfers = transfers;
        this.head = request.getMethod().equals("HEAD");
        response.setHeader("X-Content-Type-Options", "nosniff");
    }

    void options() {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        response.setHeader("Allow", ALLOWED);
    }

    void methodNotAllowed() throws IOException {
        response.setHeader("Allow", ALLOWED);
        error(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Read only", "This folder can be read, not changed.");
    }

    void notFound() throws IOException {
        error(HttpServletResponse.SC_NOT_FOUND, "Nothing here",
            "There is no file or folder at this address. It may have been moved or renamed.");
    }

    /** To the same address with a slash at its end, by a relative reference: whatever stands in front of us stays in front. */
    void toDirectory() {
        String path = request.getRequestURI();
        String query = request.getQueryString();
        response.setStatus(HttpServletResponse.SC_MOVED_PERMANENTLY);
        // "./" keeps a colon in the name from being read as a scheme.
        response.setHeader("Location", "./" + path.substring(path.lastIndexOf('/') + 1) + "/"
            + (query == null ? "" : "?" + query));
        response.setHeader("Cache-Control", "no-cache");
    }

    /**
     * A page of ours that says why there is nothing else. It fits into the server's own buffer, so that it holds no thread
     * either.
     */
    void error(int status, String title, String text) throws IOException {
        StringBuilder top = new StringBuilder(request.getContextPath()).append('/');
        options.prefix().forEach(segment -> top.append(UrlPath.encode(segment)).append('/'));
        byte[] page = Page.error(status, title, text, top.toString());
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Security-Policy", Page.SECURITY_POLICY);
        response.setContentType(HTML);
        response.setContentLengthLong(page.length);
        if (!head) {
            response.getOutputStream().write(page);
        }
    }

    /** A generated page, always asked for again. */
    void page(byte[] page) throws IOException {
        Validators validators = Validators.of(page);
        response.setHeader("Cache-Control", "no-cache");
        if (proceed(validators)) {
            response.setHeader("Content-Security-Policy", Page.SECURITY_POLICY);
            response.setContentType(HTML);
            send(Body.of(page));
        }
    }

    /** A file, or the ranges of it that are asked for. */
    void file(Resource resource) throws IOException {
        OpenFile file = OpenFile.of(resource);
        Body body = new Body(file.channel());
        boolean taken = false;
        try {
            Validators validators = Validators.of(file.attributes(), System.currentTimeMillis());
            int seconds = options.cacheSeconds();
            response.setHeader("Cache-Control", seconds == 0 ? "no-cache" : "max-age=" + seconds);
            response.setHeader("Accept-Ranges", "bytes");
            if (proceed(validators) && fill(body, file.attributes().size(), ContentTypes.of(resource.path()), validators)) {
                taken = send(body);
            }
        } finally {
            if (!taken) {
                body.close();
            }
        }
    }

    /** Fills the body with the whole file or with ranges; false when it was answered 416. */
    private boolean fill(Body body, long total, String type, Validators validators) throws IOException {
        // Range is defined for GET only, and only where the answer without it would be 200: RFC 9110 sections 14.2 and 13.2.2
        // step 5.
        boolean ranged = !head && conditions().rangeAllowed(validators);
        Optional<List<Range>> asked = Ranges.parse(ranged ? request.getHeader("Range") : null, total, options.rangesMax());
        if (asked.isEmpty()) {
            response.setContentType(type);
            body.add(0, total);
            return true;
        }
        List<Range> ranges = asked.get();
        if (ranges.isEmpty()) {
            response.setHeader("Content-Range", "bytes */" + total);
            error(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE, "Beyond the end",
                "The file does not have the bytes that were asked for.");
            return false;
        }
        response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
        if (ranges.size() == 1) {
            response.setContentType(type);
            response.setHeader("Content-Range", ranges.get(0).of(total));
            body.add(ranges.get(0).first(), ranges.get(0).end());
        } else {
            // Random, so that nobody can prepare a file that has the boundary in it.
            String boundary = UUID.randomUUID().toString();
            response.setContentType("multipart/byteranges; boundary=" + boundary);
            body.add(ranges, total, type, boundary);
        }
        return true;
    }

    /** Sets the validators and evaluates the preconditions; false when they were answered. */
    private boolean proceed(Validators validators) throws IOException {
        switch (conditions().evaluate(validators)) {
            case FAILED -> {
                error(HttpServletResponse.SC_PRECONDITION_FAILED, "Changed", "The file is not in the state that was asked for.");
                return false;
            }
            case NOT_MODIFIED -> response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            default -> { }
        }
        response.setHeader("ETag", validators.etag());
        validators.lastModified().ifPresent(seconds -> response.setHeader("Last-Modified", HttpDates.format(seconds)));
        return response.getStatus() != HttpServletResponse.SC_NOT_MODIFIED;
    }

    private Conditions conditions() {
        return new Conditions(list("If-Match"), request.getHeader("If-Unmodified-Since"), list("If-None-Match"),
            request.getHeader("If-Modified-Since"), request.getHeader("If-Range"));
    }

    private String list(String field) {
        return Conditions.join(Collections.list(request.getHeaders(field)));
    }

    /** Sends the body after the head; false when it was not taken over. */
    private boolean send(Body body) throws IOException {
        response.setContentLengthLong(body.length());
        if (head) {
            return false;
        }
        if (transfers.start(request, response, body)) {
            return true;
        }
        response.reset();
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Retry-After", "1");
        error(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "Busy",
            "Too many files are being sent right now. Try again in a moment.");
        return false;
    }
}
