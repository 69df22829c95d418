package io.tidemark.projector.internal;

import org.jspecify.annotations.Nullable;

/**
 * A query that cannot be answered as it is; says which part, what was found and what is allowed.
 */
final class BadQueryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final @Nullable String allowed;

    BadQueryException(String field, String found, @Nullable String allowed) {
        super(field + ": " + found);
        this.field = field;
        this.allowed = allowed;
    }

    String field() {
        return field;
    }

    @Nullable String allowed() {
        return allowed;
    }
}
