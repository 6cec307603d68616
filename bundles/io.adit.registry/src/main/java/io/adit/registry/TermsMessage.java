package io.adit.registry;

import java.util.List;
import java.util.Optional;

import io.adit.api.Quota;
import io.adit.api.Terms;
import io.adit.registry.Message.MalformedException;

/** What a linked proxy is told of the terms of a name: all that it has to enforce but the number of peers, which comes with the name (PROTOCOL R11). Stateless. */
final class TermsMessage {

    static final String VERB = "terms";

    private TermsMessage() {
    }

    /** @param terms with the configured quota taken in */
    static Message of(String name, Terms terms) {
        return new Message(VERB).with("name", name).with("streams", Math.max(0, terms.quota().streams())).with("rate", Math.max(0, terms.quota().rate()))
                .with("bandwidth", Math.max(0, terms.quota().bandwidth()));
    }

    static Terms read(Message message) throws MalformedException {
        try {
            Quota quota = new Quota((int) message.number("streams", 0, Quota.MOST_STREAMS), (int) message.number("rate", 0, Quota.MOST_RATE),
                    message.number("bandwidth", 0, Quota.MOST_BANDWIDTH));
            return new Terms(Optional.empty(), quota.over(Quota.UNLIMITED), List.of(), 1);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("terms: " + e.getMessage());
        }
    }
}
