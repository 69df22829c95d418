package io.tidemark.edge.internal.http;

import org.jspecify.annotations.Nullable;

/** A file that TLS is configured with cannot be used; the message names it. */
final class TlsException extends Exception {
    private static final long serialVersionUID = 1L;

    TlsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
