package io.tidemark.devkit;

/**
 * How the {@link ProviderSimulator} cuts a body into HTTP chunks, each flushed on its own.
 * Immutable. The cuts of the last two fall anywhere: inside a line ending, inside a UTF-8 sequence.
 */
public sealed interface Chunking {

    /** One chunk for each event, or more for one above 16 KiB. */
    record WholeFrames() implements Chunking {}

    /**
     * Chunks of one size, except before a pause and at the end.
     *
     * @param bytes 1 or more
     */
    record EveryBytes(int bytes) implements Chunking {
        /** Checks the range. */
        public EveryBytes {
            requirePositive(bytes, "bytes");
        }
    }

    /**
     * Chunks of 1 to {@code bytesMax} bytes, the same ones for the same seed.
     *
     * @param seed where the sizes come from
     * @param bytesMax 1 or more
     */
    record Random(long seed, int bytesMax) implements Chunking {
        /** Checks the range. */
        public Random {
            requirePositive(bytesMax, "bytesMax");
        }
    }

    private static void requirePositive(int bytes, String name) {
        if (bytes < 1) {
            throw new IllegalArgumentException(name + " must be 1 or more, found " + bytes);
        }
    }
}
