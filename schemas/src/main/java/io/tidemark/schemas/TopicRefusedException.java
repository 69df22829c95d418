package io.tidemark.schemas;

import org.jspecify.annotations.Nullable;

/** A topic cannot be used; the message says which one, what was found and what is allowed. */
public final class TopicRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TopicRefusedException(String message) {
        this(message, null);
    }

    TopicRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
