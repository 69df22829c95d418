package io.tidemark.ingest.internal;

/**
 * Somebody has claimed the partition after us: what we write under our epoch, nobody reads any
 * more.
 */
final class OutrankedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param ours our epoch
     * @param theirs the higher one; ours, if nothing but a higher one is above its attempts
     */
    OutrankedException(long ours, long theirs) {
        super("epoch %d is outranked by %d".formatted(ours, theirs));
    }
}
