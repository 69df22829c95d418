package io.tidemark.ingest.internal;

/**
 * The stack of a failure without its message, for the log: messages of foreign exceptions may quote
 * what they choked on, and that may be a prompt.
 */
final class Redacted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Redacted(Throwable failure) {
        super(failure.getClass().getName());
        setStackTrace(failure.getStackTrace());
    }

    static Redacted of(Throwable failure) {
        return new Redacted(failure);
    }
}
