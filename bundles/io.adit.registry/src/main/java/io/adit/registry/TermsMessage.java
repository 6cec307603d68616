package io.adit.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.adit.api.Quota;
import io.adit.api.Terms;
import io.adit.registry.Message.MalformedException;

/**
 * What a linked proxy is told of the terms of names: all that it has to enforce but the number of peers, which comes with a name (PROTOCOL R11).
 * Stateless.
 */
final class TermsMessage {

    static final String VERB = "terms";

    private TermsMessage() {
    }

    /** Those that nobody needs to be told of. */
    static boolean isUsual(Terms terms) {
        return terms.quota().isUnlimited();
    }

    /** @param terms with the configured quota taken in */
    static Message with(Message message, String name, Terms terms) {
        Quota quota = terms.quota();
        return message.with("name", name).with("terms", Math.max(0, quota.streams()) + " " + Math.max(0, quota.rate()) + " " + Math.max(0, quota.bandwidth()));
    }

    /** By name. */
    static Map<String, Terms> read(Message message) throws MalformedException {
        List<String> names = message.all("name");
        List<String> terms = message.all("terms");
        if (names.size() != terms.size()) {
            throw new MalformedException("terms: names and terms do not match");
        }
        Map<String, Terms> all = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            all.put(names.get(i), read(terms.get(i)));
        }
        return all;
    }

    private static Terms read(String text) throws MalformedException {
        if (!text.matches("[0-9]{1,9} [0-9]{1,9} [0-9]{1,15}")) {
            throw new MalformedException("terms: not three numbers");
        }
        String[] numbers = text.split(" ");
        try {
            Quota quota = new Quota(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), Long.parseLong(numbers[2]));
            return new Terms(Optional.empty(), quota.over(Quota.UNLIMITED), List.of(), 1);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("terms: " + e.getMessage());
        }
    }
}
