package io.tidemark.schemas;

import org.jspecify.annotations.Nullable;

/**
 * A record that is not what the contract says. The message names the field and what was wrong with
 * it, never the payload.
 */
public final class MalformedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    MalformedRecordException(String field, String problem, @Nullable Throwable cause) {
        super(field + ": " + problem, cause);
        this.field = field;
    }

    /** The field that is wrong, or {@code value} for the record as a whole. */
    public String field() {
        return field;
    }
}
