package io.tidemark.devkit.internal;

/**
 * A request that its API refuses. Thrown while a request is read and caught by whoever asked for
 * that; so the readers need not pass the refusal up by hand.
 */
final class InvalidRequest extends Exception {

    private final transient ApiError error;

    InvalidRequest(ApiError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    ApiError error() {
        return error;
    }
}
