package io.tidemark.projector.internal;

/** Tells where partitions are. Thread-safe. */
@FunctionalInterface
interface Routes {
    /** Where a partition is, as far as this instance knows. */
    Route of(int partition);
}
