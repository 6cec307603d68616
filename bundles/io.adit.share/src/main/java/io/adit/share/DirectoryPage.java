package io.adit.share;

import io.adit.share.Listing.Entry;
import io.adit.share.Listing.Sort;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder as a page: a list, with the pictures as a grid of previews when they are most of what is there. All links are
 * relative.
 */
final class DirectoryPage {

    private static final Set<String> PREVIEWED = Set.of("png", "jpg", "jpeg", "jfif", "gif", "webp", "avif", "svg", "bmp",
        "apng", "ico");

    private static final Pattern ARCHIVE =
        Pattern.compile("zip|x-tar|compressed|vnd.rar|x-xz|zstd|archive|package|iso9660|diskimage");

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm", Locale.ENGLISH);

    private final String title;
    private final List<String> path;
    private final Listing listing;
    private final Sort sort;
    private final long previewBytes;
    private final boolean gallery;
    private final StringBuilder html = new StringBuilder(16_384);

    /**
     * @param title heading of the top folder
     * @param path names from the top folder to this one; empty for the top
     * @param plain whether the visitor wants a list in any case
     */
    DirectoryPage(String title, List<String> path, Listing listing, Sort sort, boolean plain, long previewBytes) {
        this.title = title;
        this.path = path;
        this.listing = listing;
        this.sort = sort;
        this.previewBytes = previewBytes;
        this.gallery = !plain && pictureFolder();
    }

    byte[] render() {
        String here = path.isEmpty() ? title : path.get(path.size() - 1);
        header(here);
        List<Entry> tiles = gallery ? listing.entries().stream().filter(this::picture).toList() : List.of();
        List<Entry> rows = gallery ? listing.entries().stream().filter(entry -> !picture(entry)).toList() : listing.entries();
        if (listing.entries().isEmpty()) {
            html.append("<p class=\"empty\">").append(Page.icon("folder")).append("This folder is empty.</p>\n");
        }
        if (!rows.isEmpty()) {
            table(rows);
        }
        if (!tiles.isEmpty()) {
            grid(tiles);
        }
        if (listing.more()) {
            html.append("<p class=\"more\">This folder has more entries than are shown here.</p>\n");
        }
        return Page.render(here, html.append(Page.ICONS));
    }

    private void header(String here) {
        html.append("<header>\n");
        if (!path.isEmpty()) {
            html.append("<nav class=\"crumbs\" aria-label=\"Breadcrumb\"><ol>");
            for (int depth = 0; depth < path.size(); depth++) {
                html.append("<li><a href=\"").append("../".repeat(path.size() - depth)).append("\">")
                    .append(depth == 0 ? Page.icon("home") : "").append("<bdi>")
                    .append(Page.escape(depth == 0 ? title : path.get(depth - 1))).append("</bdi></a></li>");
            }
            html.append("</ol></nav>\n");
        }
        html.append("<h1><bdi>").append(Page.escape(here)).append("</bdi></h1>\n<div class=\"bar\">\n<p class=\"summary\">")
            .append(summary()).append("</p>\n");
        if (listing.entries().size() > 1) {
            html.append("<nav class=\"sort\" aria-label=\"Sort\">");
            for (Sort.Key key : Sort.Key.values()) {
                sortLink(key);
            }
            html.append("</nav>\n");
        }
        if (pictureFolder()) {
            html.append("<nav class=\"sort\" aria-label=\"View\">");
            viewLink("Grid", "grid", "", gallery);
            viewLink("List", "rows", "&amp;view=list", !gallery);
            html.append("</nav>\n");
        }
        html.append("</div>\n</header>\n");
    }

    private void sortLink(Sort.Key key) {
        boolean current = sort.key() == key;
        // By name one starts with A; by size and date with the largest and the latest.
        Sort next = new Sort(key, current ? !sort.descending() : key != Sort.Key.NAME);
        String word = key.word().substring(0, 1).toUpperCase(Locale.ROOT) + key.word().substring(1);
        html.append("<a href=\"?sort=").append(next).append(!gallery && pictureFolder() ? "&amp;view=list" : "").append('"')
            .append(current ? " aria-current=\"true\"" : "").append('>').append(word);
        if (current) {
            html.append("<span aria-hidden=\"true\">").append(sort.descending() ? "↓" : "↑")
                .append("</span><span class=\"sr\">, ")
                .append(sort.descending() ? "descending" : "ascending").append("</span>");
        }
        html.append("</a>");
    }

    private void viewLink(String label, String icon, String query, boolean current) {
        html.append("<a href=\"?sort=").append(sort).append(query).append("\" title=\"").append(label).append('"')
            .append(current ? " aria-current=\"true\"" : "").append('>').append(Page.icon(icon)).append("<span class=\"sr\">")
            .append(label).append("</span></a>");
    }

    private void table(List<Entry> rows) {
        // On a phone there is room for one of size and date: the style shows the date when it is what the list is sorted by.
        html.append("<table").append(sort.key() == Sort.Key.DATE ? " class=\"by-date\"" : "")
            .append(">\n<colgroup><col><col class=\"size\"><col class=\"date\"></colgroup>\n<thead class=\"sr\"><tr>"
                + "<th scope=\"col\">Name</th><th scope=\"col\">Size</th><th scope=\"col\">Changed</th></tr></thead>\n<tbody>\n");
        for (Entry entry : rows) {
            html.append("<tr><td class=\"name\">").append(anchor(entry)).append(Page.icon(icon(entry))).append("<bdi>")
                .append(Page.escape(entry.name())).append("</bdi></a></td><td class=\"size\">")
                .append(entry.directory() ? "<span class=\"sr\">Folder</span>" : size(entry.size()))
                .append("</td><td class=\"date\">").append(date(entry)).append("</td></tr>\n");
        }
        html.append("</tbody>\n</table>\n");
    }

    private void grid(List<Entry> tiles) {
        html.append("<ul class=\"grid\">\n");
        for (Entry entry : tiles) {
            html.append("<li>").append(anchor(entry)).append("<span class=\"frame\">").append(preview(entry))
                .append("</span><span class=\"label\"><bdi>").append(Page.escape(entry.name()))
                .append("</bdi><small>").append(size(entry.size())).append("</small></span></a></li>\n");
        }
        html.append("</ul>\n");
    }

    private String preview(Entry entry) {
        return entry.size() <= previewBytes
            // The name stands beside it in the same link, so a second reading of it would only be noise.
            ? "<img src=\"" + UrlPath.encode(entry.name()) + "\" alt=\"\" loading=\"lazy\" decoding=\"async\">"
            : Page.icon("image");
    }

    private static String icon(Entry entry) {
        if (entry.directory()) {
            return "folder";
        }
        String type = ContentTypes.byName(entry.name());
        for (String kind : List.of("image", "video", "audio", "text")) {
            if (type.startsWith(kind)) {
                return kind;
            }
        }
        return ARCHIVE.matcher(type).find() ? "archive" : "file";
    }

    private static String anchor(Entry entry) {
        return "<a href=\"" + UrlPath.encode(entry.name()) + (entry.directory() ? "/" : "") + "\">";
    }

    private String summary() {
        long folders = listing.entries().stream().filter(Entry::directory).count();
        long files = listing.entries().size() - folders;
        long bytes = listing.entries().stream().mapToLong(Entry::size).sum();
        return String.join(" · ", Stream.of(count(folders, "folder"), count(files, "file"), files == 0 ? "" : size(bytes))
            .filter(text -> !text.isEmpty()).toList());
    }

    private static String count(long number, String noun) {
        return number == 0 ? "" : number + " " + noun + (number == 1 ? "" : "s");
    }

    private static String date(Entry entry) {
        return "<time datetime=\"" + entry.modified().truncatedTo(ChronoUnit.SECONDS) + "\">"
            + DATE.format(entry.modified().atZone(ZoneId.systemDefault())) + "</time>";
    }

    /** Decimal units, as browsers and phones show them. */
    static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes / 1000.0;
        int unit = 0;
        // What would be printed as 1000 belongs to the next unit.
        while (value >= 999.5 && unit < 5) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f %sB" : "%.0f %sB", value, "kMGTPE".charAt(unit));
    }

    private boolean picture(Entry entry) {
        return !entry.directory() && PREVIEWED.contains(ContentTypes.extension(entry.name()));
    }

    /** Most of the files are pictures, and at least two. */
    private boolean pictureFolder() {
        long pictures = listing.entries().stream().filter(this::picture).count();
        long files = listing.entries().stream().filter(entry -> !entry.directory()).count();
        return previewBytes > 0 && pictures > 1 && pictures * 2 > files;
    }
}
