package io.tidemark.devkit.internal;

import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Pieces of a body that are each sent as one, encoded only when they are: the frames of a long
 * answer would be large together, and those of an endless one have no end. Confined to one thread.
 *
 * @param count how many
 * @param token whether each is waited for as a token is
 * @param bytes makes one, by its index from 0
 */
record Frames(long count, boolean token, LongFunction<byte[]> bytes) {

    /** A single frame that brings no token. */
    static Frames one(Supplier<byte[]> bytes) {
        return new Frames(1, false, _ -> bytes.get());
    }

    /** A single frame that is waited for. */
    static Frames token(Supplier<byte[]> bytes) {
        return new Frames(1, true, _ -> bytes.get());
    }
}
