package io.tidemark.standalone.client;

import java.io.IOException;

/** The edge answered with an error. */
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int statusCode;
    private final String code;

    RefusedException(int statusCode, String problem, String code) {
        super("HTTP " + statusCode + ": " + problem);
        this.statusCode = statusCode;
        this.code = code;
    }

    /** The HTTP status. */
    public int statusCode() {
        return statusCode;
    }

    /** The {@code code} of the problem (docs/protocol.md, 12); empty if it has none. */
    public String code() {
        return code;
    }
}
