package io.tidemark.standalone.client;

import java.io.IOException;

/** The edge answered with an error. */
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int statusCode;

    RefusedException(int statusCode, String problem) {
        super("HTTP " + statusCode + ": " + problem);
        this.statusCode = statusCode;
    }

    /** The HTTP status. */
    public int statusCode() {
        return statusCode;
    }
}
