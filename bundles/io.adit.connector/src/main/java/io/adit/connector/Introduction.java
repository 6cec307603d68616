package io.adit.connector;

import java.nio.charset.StandardCharsets;

import io.adit.api.Checks;
import io.adit.api.Details;
import io.adit.api.MailAddress;
import io.adit.api.packet.Fields;

/** What the peer says of itself at registration (PROTOCOL A5), from the configuration. Stateless. */
final class Introduction {

    /** Characters; the proxy may show less. */
    private static final int MOST_TITLE = 200;
    /** Bytes of all names and values: a REGISTER has 4096, and other things in it. */
    private static final int MOST_BYTES = 3000;

    private Introduction() {
    }

    /**
     * @param pid of the configuration, for what is wrong
     * @throws IllegalArgumentException with one line that names PID, key and what is allowed
     */
    static Fields of(String pid, ConnectorConfiguration configuration) {
        Fields.Builder details = Fields.builder();
        for (String value : configuration.notify$()) {
            for (String address : value.split(",")) {
                if (!address.isBlank()) {
                    details.add(Details.NOTIFY, address(pid, "notify", address.strip()));
                }
            }
        }
        if (!configuration.owner().isBlank()) {
            details.add(Details.OWNER, address(pid, "owner", configuration.owner().strip()));
        }
        String language = configuration.language().strip();
        if (!language.isEmpty()) {
            if (!language.matches("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")) {
                throw Checks.bad(pid, "language", language, "a language tag such as en, de or fr-CH");
            }
            details.add(Details.LANGUAGE, language);
        }
        String title = configuration.title().strip();
        if (!title.isEmpty()) {
            if (title.codePointCount(0, title.length()) > MOST_TITLE || title.matches("(?s).*[\\p{Cntrl}\\u0085\\u2028\\u2029].*")) {
                throw Checks.bad(pid, "title", title, "one line of at most " + MOST_TITLE + " characters");
            }
            details.add(Details.TITLE, new String(title.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        }
        Fields all = details.build();
        if (all.bytes() > MOST_BYTES) {
            throw Checks.bad(pid, "notify", all.all(Details.NOTIFY).size() + " addresses",
                    "so few that they fit into " + MOST_BYTES + " bytes with the title");
        }
        return all;
    }

    private static String address(String pid, String key, String text) {
        try {
            return MailAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(pid + ": " + key + ": " + e.getMessage(), e);
        }
    }
}
