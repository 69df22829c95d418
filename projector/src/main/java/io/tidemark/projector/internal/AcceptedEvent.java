package io.tidemark.projector.internal;

import io.tidemark.schemas.Attempt;

/**
 * An event that the guard let through, as it stands in the log.
 *
 * @param attempt attempt that wrote it
 * @param sequence its sequence
 * @param terminal whether it ends its stream
 * @param offset its offset in the partition
 * @param appendedAt when the log took it, in epoch milliseconds
 * @param json its bytes, shared with the record and not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once per record, never compared
public record AcceptedEvent(
        Attempt attempt,
        long sequence,
        boolean terminal,
        long offset,
        long appendedAt,
        byte[] json) {
    @Override
    public String toString() {
        return "AcceptedEvent[sequence=" + sequence + ", bytes=" + json.length + "]";
    }
}
