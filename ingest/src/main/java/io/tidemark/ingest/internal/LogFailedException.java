package io.tidemark.ingest.internal;

import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Kafka did not take a record in time, or refused it. What was sent before it may be in the log or
 * not; whoever catches this has to read the log back before it writes again.
 */
final class LogFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LogFailedException(String attempted, Throwable cause) {
        super("cannot " + attempted + ": " + cause.getClass().getSimpleName(), cause);
    }

    /** Whether the log takes no record of that size, now or later. */
    boolean tooLarge() {
        return getCause() instanceof RecordTooLargeException;
    }
}
