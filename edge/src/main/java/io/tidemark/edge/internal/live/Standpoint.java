package io.tidemark.edge.internal.live;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

/**
 * Where a reader of the log stands. All who stand at the same point are served by one read. Two
 * that are near each other are served by one pass over a partition. Immutable.
 *
 * @param tenant whose stream it has to be; null for one of no tenant
 */
record Standpoint(StreamId id, @Nullable String tenant, Cursor cursor) {
    /** A pass begins up to that many records earlier to serve others as well. */
    static final long NEAR_RECORDS = 4_096;

    /** The same where the place has to be found by time. */
    static final long NEAR_MS = 500;

    boolean isNear(Standpoint other) {
        if (id.partition() != other.id.partition() || cursor.located() != other.cursor.located()) {
            return false;
        }
        return cursor.located()
                ? Math.abs(cursor.position() - other.cursor.position()) <= NEAR_RECORDS
                : Math.abs(id.time().toEpochMilli() - other.id.time().toEpochMilli()) <= NEAR_MS;
    }
}
