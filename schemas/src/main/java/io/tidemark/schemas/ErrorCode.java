package io.tidemark.schemas;

/**
 * Why a stream failed, in one vocabulary for all providers. {@link #retryable} speaks of the cause:
 * whether the same request may succeed later.
 */
public enum ErrorCode implements WireName {
    AUTHENTICATION_FAILED(false),
    PERMISSION_DENIED(false),
    QUOTA_EXHAUSTED(false),
    RATE_LIMITED(true),
    PROVIDER_OVERLOADED(true),
    PROVIDER_ERROR(true),
    PROVIDER_TIMEOUT(true),
    INVALID_REQUEST(false),
    CONTEXT_LENGTH_EXCEEDED(false),
    NOT_FOUND(false),
    CONTENT_BLOCKED(false),
    /** The bytes ended before a terminal frame did. */
    CONNECTION_LOST(true),
    IDLE_TIMEOUT(true),
    DEADLINE_EXCEEDED(false),
    SESSION_EXPIRED(true),
    /** The provider sent what cannot be read, or in an impossible order. */
    PROTOCOL_ERROR(false),
    /** Our own shutdown, or a worker that died. */
    ABORTED(true),
    INTERNAL_ERROR(false);

    private final boolean retryable;

    ErrorCode(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }
}
