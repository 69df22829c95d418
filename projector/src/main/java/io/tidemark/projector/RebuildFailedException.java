package io.tidemark.projector;

/** Results could not be made anew; those that counted before still do. */
public final class RebuildFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Says what was attempted and what was found. */
    public RebuildFailedException(String message) {
        super(message);
    }

    /** Says what was attempted and what was found. */
    public RebuildFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
