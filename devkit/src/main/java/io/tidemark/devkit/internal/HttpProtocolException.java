package io.tidemark.devkit.internal;

import java.io.IOException;

/** A request that cannot be read as HTTP within the limits; the connection ends with the answer. */
final class HttpProtocolException extends IOException {

    private final int statusCode;

    HttpProtocolException(int statusCode, String message) {
        super(message);
        this.statusCode = statusCode;
    }

    int statusCode() {
        return statusCode;
    }
}
