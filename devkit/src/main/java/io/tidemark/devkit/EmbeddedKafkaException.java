package io.tidemark.devkit;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** An embedded broker that could not be started; the message says what was tried and found. */
public final class EmbeddedKafkaException extends RuntimeException {

    /** Why it could not. */
    public enum Reason {
        /** Another broker, of this process or another, has the data directory. */
        DIRECTORY_IN_USE,
        /** The data directory cannot be created, read or written, or holds something else. */
        DIRECTORY_UNUSABLE,
        /** The port is taken. */
        PORT_UNAVAILABLE,
        /** A broker setting was refused, or Kafka failed while it started. */
        START_FAILED
    }

    private final Reason reason;

    /**
     * A failure to start.
     *
     * @param reason why, for code
     * @param message why, for people
     * @param cause what was thrown below, if anything
     */
    public EmbeddedKafkaException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = requireNonNull(reason, "reason");
    }

    /** Why it could not be started. */
    public Reason reason() {
        return reason;
    }
}
