package io.adit.origin;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.RejectedExecutionException;

import javax.net.ssl.SSLException;

import io.adit.api.ErrorCode;

/** A failure whose code for the other side is known: our own reason to give a request up. Without a stack trace: it is made on each abort. */
final class OriginException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    OriginException(ErrorCode code, String reason) {
        super(reason);
        this.code = code;
    }

    static OriginException broken(String reason) {
        return new OriginException(ErrorCode.ORIGIN_BROKEN, reason);
    }

    ErrorCode code() {
        return code;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /**
     * What a failure before the response means.
     *
     * @param sent whether the request had a connection
     */
    static ErrorCode codeOf(Throwable failure, boolean sent) {
        if (failure instanceof OriginException origin) {
            return origin.code();
        }
        if (failure instanceof RejectedExecutionException) {
            return ErrorCode.REFUSED;
        }
        if (!sent || failure instanceof ConnectException || failure instanceof NoRouteToHostException || failure instanceof UnknownHostException
            || failure instanceof UnresolvedAddressException || failure instanceof SSLException) {
            return ErrorCode.ORIGIN_UNREACHABLE;
        }
        return ErrorCode.ORIGIN_BROKEN;
    }
}
