package io.tidemark.devkit.internal;

import io.tidemark.devkit.Chunking;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;

/**
 * Cuts a body into pieces of chosen sizes, wherever that falls, and flushes each on its own.
 * Confined to one thread.
 */
final class CuttingSink implements BodySink {

    private final BodySink next;
    private final IntSupplier sizes;
    private int leftInPiece;

    private CuttingSink(BodySink next, IntSupplier sizes) {
        this.next = next;
        this.sizes = sizes;
        this.leftInPiece = sizes.getAsInt();
    }

    /** The sink itself, or one that cuts before it. */
    static BodySink cutting(Chunking chunking, BodySink sink) {
        return switch (chunking) {
            case Chunking.WholeFrames() -> sink;
            case Chunking.EveryBytes(var bytes) -> new CuttingSink(sink, () -> bytes);
            case Chunking.Random(var seed, var bytesMax) -> {
                var random = new SplittableRandom(seed);
                yield new CuttingSink(sink, () -> random.nextInt(1, bytesMax + 1));
            }
        };
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        var position = from;
        var end = from + length;
        while (position < end) {
            var count = Math.min(end - position, leftInPiece);
            next.write(bytes, position, count);
            position += count;
            leftInPiece -= count;
            if (leftInPiece == 0) {
                next.flush();
                leftInPiece = sizes.getAsInt();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        next.flush();
    }

    @Override
    public void end() throws IOException {
        next.end();
    }
}
