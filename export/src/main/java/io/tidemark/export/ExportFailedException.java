package io.tidemark.export;

import org.jspecify.annotations.Nullable;

/**
 * The export could not be done, and no file was left. The message says what was attempted, what was
 * found and what is allowed, and nothing of what the topic holds.
 */
public final class ExportFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An export that what was found makes impossible. */
    public ExportFailedException(String message) {
        this(message, null);
    }

    /** An export that failed because something else did. */
    public ExportFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
