package io.adit.mail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.adit.api.Details;
import io.adit.api.MailAddress;
import io.adit.api.packet.Fields;

/**
 * What a peer's owner wants people to be told, made out of the details that its peer sent, in which nothing can be trusted. Immutable.
 *
 * @param title one line without control characters; empty for none
 * @param language one that we have texts in, else ours
 * @param owner null for nobody
 * @param dropped addresses that are none, or too many
 */
record Interest(String title, String language, List<Recipient> recipients, Optional<Recipient> owner, int dropped) {

    /** Characters of a title that are shown. */
    private static final int MOST_TITLE = 120;
    /** Control characters, line and paragraph separators, and those that turn the direction of what follows them. */
    private static final String INVISIBLE = "[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\u2028\\u2029]";

    static Interest of(Fields details, String language, int most) {
        Map<String, Recipient> recipients = new LinkedHashMap<>();
        int dropped = 0;
        for (String address : details.all(Details.NOTIFY)) {
            Optional<Recipient> recipient = recipient(address);
            if (recipient.isEmpty() || recipients.size() >= most && !recipients.containsKey(recipient.get().key())) {
                dropped++;
            } else {
                recipients.putIfAbsent(recipient.get().key(), recipient.get());
            }
        }
        return new Interest(title(details.first(Details.TITLE)), Texts.language(details.first(Details.LANGUAGE), language), List.copyOf(recipients.values()),
                Optional.ofNullable(details.first(Details.OWNER)).flatMap(Interest::recipient), dropped);
    }

    boolean isEmpty() {
        return recipients.isEmpty() && owner.isEmpty();
    }

    private static Optional<Recipient> recipient(String address) {
        try {
            return Optional.of(Recipient.of(MailAddress.parse(address)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // counted by the caller
        }
    }

    /** @param value its UTF-8 bytes, one char each; null for none */
    static String title(String value) {
        if (value == null) {
            return "";
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1))).toString();
        } catch (CharacterCodingException e) {
            return ""; // not what PROTOCOL A5 says: no title is better than a broken one
        }
        // an encoded word (RFC 2047) in a subject is decoded by its reader, whoever wrote it
        String line = text.replaceAll("\\s+", " ").replaceAll(INVISIBLE, "").replace("=?", "= ?").strip();
        return line.codePointCount(0, line.length()) > MOST_TITLE ? line.substring(0, line.offsetByCodePoints(0, MOST_TITLE - 1)).strip() + "\u2026" : line;
    }
}
