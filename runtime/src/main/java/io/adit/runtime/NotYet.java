package io.adit.runtime;

import java.util.List;

import picocli.CommandLine.Option;

/** Options of the grammar whose bundles this version does not have: known, so that the refusal is clear. */
final class NotYet {

    private NotYet() {
    }

    private static void refuse(String option, Object value) throws CommandFailure {
        if (value != null) {
            throw CommandFailure.usage(option + " is not available in this version");
        }
    }

    /** Of {@code adit proxy}: mail. */
    static final class OfProxy {

        @Option(names = "--smtp", paramLabel = "HOST:PORT", hidden = true)
        private String smtp;

        @Option(names = "--mail-from", paramLabel = "ADDRESS", hidden = true)
        private String mailFrom;

        void refuse() throws CommandFailure {
            NotYet.refuse("--smtp", smtp);
            NotYet.refuse("--mail-from", mailFrom);
        }
    }

    /** Of {@code adit peer}: mail. */
    static final class OfPeer {

        @Option(names = "--notify", paramLabel = "ADDRESS", hidden = true)
        private List<String> notify;

        void refuse() throws CommandFailure {
            NotYet.refuse("--notify", notify);
        }
    }
}
