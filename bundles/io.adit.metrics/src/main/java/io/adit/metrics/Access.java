package io.adit.metrics;

import java.io.IOException;
import java.nio.file.Path;

import io.adit.api.AdminAccess;

/**
 * Who may read: callers as {@link AdminAccess} has them, without more, since what there is to read by default names nobody, and where an operator wants it
 * with a token. Nor may a visitor whom a gateway on this machine sends, a peer for one. Immutable.
 *
 * @param tokenFile null where no token is wanted
 */
record Access(AdminAccess callers, Path tokenFile) {

    /**
     * @param from the caller's address, as text
     * @param host the field Host, or null
     * @param authorization that field, or null
     * @param forwarded whether a gateway says that it comes from somebody else
     * @return the status to refuse it with; 200 where it is let in
     * @throws IOException when the token cannot be read
     */
    int look(String from, String host, String authorization, boolean forwarded) throws IOException {
        if (!callers.isFromHere(from) || forwarded && !callers.remote()) {
            return 403;
        }
        if (!callers.isForUs(host)) {
            return 421;
        }
        return tokenFile == null || AdminAccess.bears(authorization, tokenFile) ? 200 : 401;
    }
}
