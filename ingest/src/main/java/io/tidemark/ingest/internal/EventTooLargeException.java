package io.tidemark.ingest.internal;

/** An event is larger than any the log takes; nothing of it was written. */
final class EventTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int actualBytes;
    private final int limitBytes;

    EventTooLargeException(int actualBytes, int limitBytes) {
        super("an event of " + actualBytes + " bytes, allowed are " + limitBytes);
        this.actualBytes = actualBytes;
        this.limitBytes = limitBytes;
    }

    int actualBytes() {
        return actualBytes;
    }

    int limitBytes() {
        return limitBytes;
    }
}
