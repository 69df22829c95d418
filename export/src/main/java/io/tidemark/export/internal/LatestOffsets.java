package io.tidemark.export.internal;

import io.tidemark.export.ExportFailedException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * Finds the last record of each key of a partition in bounded memory, at the cost of reading it
 * more than once: with more keys than may be remembered, a share of them is looked for at a time.
 * What is found is kept as one bit per offset.
 */
public final class LatestOffsets {
    /** For whom every record counts. */
    public static final LongPredicate ANY = _ -> true;

    /* Where reading shows that the share of keys is too large, it is halved. */
    private static final int HALVING = 2;
    private static final int SHARES_MAX = 1 << 16;

    private final CommittedLog log;
    private final CommittedLog.Range range;
    private final int keysMax;

    private LatestOffsets(CommittedLog log, CommittedLog.Range range, int keysMax) {
        this.log = log;
        this.range = range;
        this.keysMax = keysMax;
    }

    /**
     * Reads a range, and tells at which of its offsets keys come for the last time.
     *
     * @param keysMax most keys remembered at a time
     * @throws ExportFailedException if it has more offsets than bits can be kept for
     */
    public static LongPredicate find(CommittedLog log, CommittedLog.Range range, int keysMax)
            throws IOException {
        if (range.length() > Integer.MAX_VALUE) {
            throw new ExportFailedException(
                    "the latest of each key is found among at most %d offsets, and %s has %d;"
                                    .formatted(Integer.MAX_VALUE, range.partition(), range.length())
                            + " a later --since leaves fewer");
        }
        return new LatestOffsets(log, range, keysMax).find();
    }

    private LongPredicate find() throws IOException {
        for (int shares = 1; shares <= SHARES_MAX; shares *= HALVING) {
            var found = new BitSet((int) range.length());
            if (find(shares, found)) {
                return offset -> found.get((int) (offset - range.from()));
            }
        }
        throw new ExportFailedException(
                "%s has more than %d times %d keys, and no more can be told apart"
                        .formatted(range.partition(), SHARES_MAX, keysMax));
    }

    private boolean find(int shares, BitSet found) throws IOException {
        for (int share = 0; share < shares; share++) {
            var last = new HashMap<ByteBuffer, Integer>();
            read(share, shares, last);
            if (last.size() > keysMax) {
                return false;
            }
            last.values().forEach(found::set);
        }
        return true;
    }

    private void read(int share, int shares, Map<ByteBuffer, Integer> last) throws IOException {
        log.read(
                range,
                record -> {
                    if (record.key() != null) {
                        var key = ByteBuffer.wrap(record.key());
                        if (shareOf(key, shares) == share) {
                            last.put(key, (int) (record.offset() - range.from()));
                        }
                    }
                    return last.size() <= keysMax;
                },
                _ -> {});
    }

    /* The hash of bytes is a polynomial, whose low bits know little of the first ones. */
    private static int shareOf(ByteBuffer key, int shares) {
        int hash = key.hashCode() * 0x9E3779B9;
        return (hash ^ hash >>> 16) & shares - 1;
    }
}
