package io.tidemark.edge.internal.live;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;

/**
 * Batches that were read lately, for whoever comes to the same point a little later: a thousand
 * readers that go through a long stream, each at its own pace, cost about one read of it.
 *
 * <p>Kept is only what no append can change: a batch that stopped before the end of the log, or at
 * the stream's own end. That retention removes the records meanwhile does no harm: as from the
 * {@link Window}, a reader is given what is in memory.
 *
 * <p>Within a budget of bytes; the least recently used goes first. Thread-safe.
 */
final class RecentBatches {
    /** What a batch costs beside its frames: the point, the cursor, and the objects around them. */
    static final int OVERHEAD_BYTES = 512;

    /**
     * A batch as it was read.
     *
     * @param wanted the first sequence gathered
     * @param bytes what it costs, about
     */
    private record Kept(Batch batch, long wanted, long bytes) {}

    private final LinkedHashMap<Standpoint, Kept> batches = new LinkedHashMap<>(16, 0.75f, true);
    private final long bytesMax;
    private long bytes;

    /**
     * None yet.
     *
     * @param bytesMax most bytes held, about; a batch that costs more is not kept
     */
    RecentBatches(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * Keeps a batch, if it is one to be kept, and none of the same point begins earlier.
     *
     * @param wanted the sequence from which on it was gathered
     * @return whether it is final, so that all who stand there can have it
     */
    synchronized boolean add(Standpoint from, long wanted, Batch batch) {
        if (batch.cut() || (batch.atEnd() && !batch.ended())) {
            return false;
        }
        var before = batches.get(from);
        if (before == null || wanted < before.wanted()) {
            long cost = OVERHEAD_BYTES + batch.bytes();
            var replaced = batches.put(from, new Kept(batch, wanted, cost));
            bytes += cost - (replaced == null ? 0 : replaced.bytes());
            trim();
        }
        return true;
    }

    private void trim() {
        var eldest = batches.values().iterator();
        while (bytes > bytesMax && eldest.hasNext()) {
            bytes -= eldest.next().bytes();
            eldest.remove();
        }
    }

    /** Lets go of what was read of a stream. */
    synchronized void forget(StreamId id) {
        for (var all = batches.entrySet().iterator(); all.hasNext(); ) {
            var entry = all.next();
            if (entry.getKey().id().equals(id)) {
                bytes -= entry.getValue().bytes();
                all.remove();
            }
        }
    }

    /**
     * What whoever wants this sequence first would read there; it may be that nothing of it is
     * wanted, then it is a step on the way.
     */
    @Nullable Batch find(Standpoint from, long wanted) {
        var kept = kept(from);
        return kept == null || wanted < kept.wanted() ? null : kept.batch().from(wanted);
    }

    private synchronized @Nullable Kept kept(Standpoint from) {
        return batches.get(from);
    }

    /** Bytes held, about. */
    synchronized long bytes() {
        return bytes;
    }
}
