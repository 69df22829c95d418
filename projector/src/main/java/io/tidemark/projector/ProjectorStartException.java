package io.tidemark.projector;

import org.jspecify.annotations.Nullable;

/** The projector cannot start; the message says what was attempted and what was found. */
public final class ProjectorStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A start that was refused by what was found. */
    public ProjectorStartException(String message) {
        this(message, null);
    }

    /** A start that failed because something else did. */
    public ProjectorStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
