package io.adit.share;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a directory page shows: folders first, at most a given number of entries.
 *
 * @param entries in their order
 * @param more whether the folder has more entries than are shown
 */
record Listing(List<Entry> entries, boolean more) {

    private static final Logger LOG = LoggerFactory.getLogger(Listing.class);

    /** A file or folder; the size of a folder is 0. */
    record Entry(String name, boolean directory, long size, Instant modified) { }

    /** An order, and its direction; names decide between equals. */
    record Sort(Key key, boolean descending) {

        enum Key {
            NAME(Comparator.comparing(Entry::name, NaturalOrder.INSTANCE)),
            SIZE(Comparator.comparingLong(Entry::size)),
            DATE(Comparator.comparing(Entry::modified));

            private final Comparator<Entry> order;

            Key(Comparator<Entry> order) {
                this.order = order;
            }

            /** As it is written in a query. */
            String word() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        /** Reads {@code name}, {@code size} or {@code date}, with a minus in front for descending; anything else is by name. */
        static Sort of(String text) {
            boolean descending = text != null && text.startsWith("-");
            String name = descending ? text.substring(1) : text;
            for (Key key : Key.values()) {
                if (key.word().equals(name)) {
                    return new Sort(key, descending);
                }
            }
            return new Sort(Key.NAME, false);
        }

        @Override
        public String toString() {
            return (descending ? "-" : "") + key.word();
        }

        private Comparator<Entry> comparator() {
            Comparator<Entry> order = descending ? key.order.reversed() : key.order;
            return Comparator.comparing(Entry::directory).reversed().thenComparing(order).thenComparing(Key.NAME.order);
        }
    }

    /**
     * Reads a folder. When it has more entries than the limit, which of them are shown is up to the file system.
     *
     * @param directory what {@link Folder#find} gave
     */
    static Listing read(Folder folder, Path directory, int max, Sort sort) throws IOException {
        List<Entry> entries = new ArrayList<>();
        boolean more = false;
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                Optional<Entry> entry = entry(folder, directory, child.getFileName());
                if (entry.isPresent() && entries.size() == max) {
                    more = true;
                    break;
                }
                entry.ifPresent(entries::add);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        entries.sort(sort.comparator());
        return new Listing(entries, more);
    }

    private static Optional<Entry> entry(Folder folder, Path directory, Path name) throws IOException {
        try {
            return folder.child(directory, name).map(found -> new Entry(name.toString(), found.isDirectory(),
                found.isDirectory() ? 0 : found.attributes().size(), found.attributes().lastModifiedTime().toInstant()));
        } catch (AccessDeniedException e) {
            LOG.debug("Not listed", e);
            return Optional.empty();
        }
    }
}
