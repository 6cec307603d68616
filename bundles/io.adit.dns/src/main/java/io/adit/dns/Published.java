package io.adit.dns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * The names that are, or may be, published at the other server: kept in a file, since nobody tells of a name that was revoked while we were away. A
 * line for each change, {@code +NAME} before it is published and {@code -NAME} after it was withdrawn; written anew when it has grown long. A file
 * that cannot be read or written costs that knowledge and nothing else.
 *
 * <p>Not thread-safe.
 */
final class Published {

    private static final Logger LOG = LoggerFactory.getLogger(Published.class);
    private static final int SLACK = 1000;

    private final Path file;
    private final Set<Name> names = new LinkedHashSet<>();
    private int lines;
    private boolean failed;

    Published(Path file) {
        this.file = file;
        try {
            List<String> all = Files.readAllLines(file, StandardCharsets.US_ASCII);
            lines = all.size();
            for (String line : all) {
                read(line);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("no names were published before");
        } catch (IOException e) {
            LOG.warn("{} cannot be read: names that were revoked while this was away stay in DNS: {}", file, e.toString());
        }
    }

    /** Half a line, from a machine that lost power, is no name or one that is not there: its withdrawal does nothing. */
    private void read(String line) throws TextParseException {
        if (line.matches("[+-][A-Za-z0-9.-]{1,254}\\.")) {
            Name name = Name.fromString(line.substring(1));
            if (line.charAt(0) == '+') {
                names.add(name);
            } else {
                names.remove(name);
            }
        }
    }

    Set<Name> names() {
        return Set.copyOf(names);
    }

    /** @return false when it was there already */
    boolean add(Name name) {
        boolean added = names.add(name);
        if (added) {
            write('+', name);
        }
        return added;
    }

    void remove(Name name) {
        if (names.remove(name)) {
            write('-', name);
        }
    }

    private void write(char sign, Name name) {
        try {
            if (lines == 0) {
                Files.createDirectories(file.toAbsolutePath().getParent());
            }
            if (lines >= 2 * names.size() + SLACK) {
                Path fresh = file.resolveSibling(file.getFileName() + ".new");
                Files.write(fresh, names.stream().map(each -> "+" + each).toList(), StandardCharsets.US_ASCII);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                lines = names.size();
            } else {
                Files.writeString(file, sign + name.toString() + "\n", StandardCharsets.US_ASCII, StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
                lines++;
            }
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                LOG.warn("{} cannot be written: names that are revoked while this is away will stay in DNS: {}", file, e.toString());
            }
            failed = true;
        }
    }
}
