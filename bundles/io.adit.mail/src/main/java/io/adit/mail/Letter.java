package io.adit.mail;

import java.time.Instant;

/**
 * A mail to one person, ready to be sent. Immutable; nobody changes the content.
 *
 * @param id its Message-ID without the angle brackets: it stays the same in each attempt
 * @param content the message as RFC 5322 has it
 * @param failures attempts so far that failed
 */
record Letter(String id, String name, Recipient recipient, byte[] content, Instant created, Instant due, int failures) {
}
