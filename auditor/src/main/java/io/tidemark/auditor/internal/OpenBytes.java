package io.tidemark.auditor.internal;

/**
 * The memory for the content of streams that have not ended, in bytes of their events. What a
 * stream keeps of an event, its text and the state of its lanes, is less than the event and {@value
 * #OVERHEAD_BYTES} bytes. Confined to the audit's thread.
 */
final class OpenBytes {
    private static final int OVERHEAD_BYTES = 512;

    private final long max;
    private long taken;

    OpenBytes(long max) {
        this.max = max;
    }

    /** What an event of that size takes. */
    static long of(int eventBytes) {
        return (long) eventBytes + OVERHEAD_BYTES;
    }

    /** Takes so much; false, and nothing is taken, if it is not there. */
    boolean take(long bytes) {
        if (bytes > max - taken) {
            return false;
        }
        taken += bytes;
        return true;
    }

    void give(long bytes) {
        taken -= bytes;
    }
}
