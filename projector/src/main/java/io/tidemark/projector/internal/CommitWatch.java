package io.tidemark.projector.internal;

import java.util.Arrays;

/**
 * Counts how often the pieces of one partition went from the cache to the changelog. The cache
 * writes all that is new at once: at a commit, of which nobody else tells a processor, and when it
 * has no more room. So when the piece that was put last is written, all are. Confined to the stream
 * thread of its partition.
 */
final class CommitWatch {
    private static final byte[] NOTHING = {};

    private byte[] newest = NOTHING;
    private long commits;

    /** A piece was put into the cache. */
    void put(byte[] key) {
        newest = key;
    }

    /** A piece went from the cache to the changelog. */
    void written(byte[] key) {
        if (Arrays.equals(newest, key)) {
            newest = NOTHING;
            commits++;
        }
    }

    /** How many there were. */
    long commits() {
        return commits;
    }
}
