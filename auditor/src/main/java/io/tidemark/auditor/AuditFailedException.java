package io.tidemark.auditor;

import org.jspecify.annotations.Nullable;

/**
 * The audit could not be done; nothing is known of what it should have checked. The message says
 * what was attempted, what was found and what is allowed.
 */
public final class AuditFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An audit that what was found makes impossible. */
    public AuditFailedException(String message) {
        this(message, null);
    }

    /** An audit that failed because something else did. */
    public AuditFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
