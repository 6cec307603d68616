package io.adit.tunnel.internal;

import io.adit.api.packet.Fields;
import io.adit.api.packet.Packet;
import io.adit.api.packet.Packet.RequestHead;
import io.adit.api.packet.Packet.ResponseHead;
import io.adit.api.packet.Packet.Trailers;

/**
 * What a head or trailers from the other side must be before anybody behind the engine sees it, whatever codec decoded it: nothing in
 * it can end a line or a header when it is written out as HTTP (PROTOCOL M1..M5). Stateless.
 */
final class PacketRules {

    private static final int MAX_FIELDS = 4096;

    private PacketRules() {
    }

    /** What is wrong, for the log, without the content; null when all is well. */
    static String violation(Packet packet) {
        if (packet instanceof RequestHead head) {
            if (!isToken(head.method())) {
                return "M1: method is no token";
            }
            if (head.target().isEmpty() || !isVisible(head.target()) || !isVisible(head.authority()) || !isVisible(head.scheme())
                    || !isVisible(head.protocol()) || !isVisible(head.client())) {
                return "M1: target, authority, scheme, protocol or client has a space or a control character, or the target is empty";
            }
            if (!isText(head.upgrade()) || head.length() < -1) {
                return "M1: bad upgrade or length";
            }
            return fieldViolation(head.fields());
        }
        if (packet instanceof ResponseHead head) {
            if (head.status() < 100 || head.status() > 599) {
                return "M2: status " + head.status();
            }
            if (!isText(head.reason()) || !isText(head.upgrade()) || head.length() < -1) {
                return "M2: bad reason, upgrade or length";
            }
            return fieldViolation(head.fields());
        }
        return packet instanceof Trailers trailers ? fieldViolation(trailers.fields()) : null;
    }

    private static String fieldViolation(Fields fields) {
        if (fields.size() > MAX_FIELDS) {
            return "M5: " + fields.size() + " fields";
        }
        for (int i = 0; i < fields.size(); i++) {
            if (!isToken(fields.name(i))) {
                return "M3: a field name is no token";
            }
            if (!isText(fields.value(i))) {
                return "M4: a field value has a control character";
            }
        }
        return null;
    }

    /** RFC 9110 section 5.6.2. */
    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean tchar = c > 0x20 && c < 0x7F && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
            if (!tchar) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** No space, no control character. */
    private static boolean isVisible(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= 0x20 || c == 0x7F) {
                return false;
            }
        }
        return true;
    }

    /** RFC 9110 section 5.5: visible characters, space, tab, obs-text. */
    private static boolean isText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 && c != '\t' || c == 0x7F) {
                return false;
            }
        }
        return true;
    }
}
