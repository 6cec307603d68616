package io.adit.share;

import io.adit.share.Folder.Resource;
import io.adit.share.Listing.Sort;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a folder: decides what a request is answered with; {@link Answer} says it. Thread-safe, and may be initialised again.
 */
final class ShareServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(ShareServlet.class);

    private final transient ShareOptions options;
    private final transient Folder folder;
    private final transient Transfers transfers;

    ShareServlet(ShareOptions options) {
        this.options = options;
        this.folder = new Folder(options.folder(), options.hidden());
        this.transfers = new Transfers(options.transfersMax(), options.bufferBytes());
    }

    /** Breaks off what is being sent. */
    @Override
    public void destroy() {
        transfers.close();
    }

    /** Transfers that run now. */
    int running() {
        return transfers.running();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Answer answer = new Answer(request, response, options, transfers);
        switch (request.getMethod()) {
            case "GET", "HEAD" -> get(request, answer);
            case "OPTIONS" -> answer.options();
            default -> answer.methodNotAllowed();
        }
    }

    private void get(HttpServletRequest request, Answer answer) throws IOException {
        Optional<UrlPath> path;
        try {
            path = path(request);
        } catch (IllegalArgumentException e) {
            LOG.debug("Refused path", e);
            answer.error(HttpServletResponse.SC_BAD_REQUEST, "Bad address", "This address is not well-formed.");
            return;
        }
        try {
            if (path.isEmpty() || !serve(request, path.get(), answer)) {
                answer.notFound();
            }
        } catch (AccessDeniedException e) {
            LOG.debug("Refused by the file system", e);
            answer.error(HttpServletResponse.SC_FORBIDDEN, "Not allowed", "The server may not read this file.");
        } catch (NoSuchFileException e) {
            LOG.debug("Gone while it was looked at", e);
            answer.notFound();
        } catch (IOException e) {
            LOG.warn("Cannot read {}: {}", request.getRequestURI(), e.toString());
            answer.error(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "Cannot be read", "The server failed to read this file.");
        }
    }

    /** The path below the place where the folder appears; empty when it is not below it. */
    private Optional<UrlPath> path(HttpServletRequest request) {
        Optional<UrlPath> context = UrlPath.parse(request.getContextPath() + "/");
        List<String> prefix = new ArrayList<>(context.map(UrlPath::segments).orElse(List.of()));
        prefix.addAll(options.prefix());
        return UrlPath.parse(request.getRequestURI()).flatMap(path -> path.below(prefix));
    }

    /** @return whether there is something to serve */
    private boolean serve(HttpServletRequest request, UrlPath path, Answer answer) throws IOException {
        Optional<Resource> found = folder.find(path.segments());
        if (found.isEmpty()) {
            return false;
        }
        Resource resource = found.get();
        if (!resource.isDirectory()) {
            if (path.directory()) {
                return false;
            }
            answer.file(resource);
            return true;
        }
        if (!path.directory()) {
            answer.toDirectory();
            return true;
        }
        Optional<Resource> index = options.index().isEmpty() ? Optional.empty()
            : folder.find(path.child(options.index()).segments()).filter(file -> !file.isDirectory());
        if (index.isPresent()) {
            answer.file(index.get());
            return true;
        }
        if (!options.listing()) {
            return false;
        }
        Sort sort = Sort.of(parameter(request, "sort"));
        Listing listing = Listing.read(folder, resource.path(), options.entriesMax(), sort);
        boolean plain = "list".equals(parameter(request, "view"));
        answer.page(new DirectoryPage(options.title(), path.segments(), listing, sort, plain, options.previewBytes()).render());
        return true;
    }

    /**
     * A parameter of our own links; they are plain words, so anything that a container would choke on is merely not one of them.
     */
    private static String parameter(HttpServletRequest request, String name) {
        String query = request.getQueryString();
        return query == null ? null : Stream.of(query.split("&")).filter(pair -> pair.startsWith(name + "="))
            .map(pair -> pair.substring(name.length() + 1)).findFirst().orElse(null);
    }
}
