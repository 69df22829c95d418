package io.tidemark.auditor.internal;

import io.tidemark.schemas.Attempt;

import org.jspecify.annotations.Nullable;

/**
 * What is kept of a stream that has ended. Immutable.
 *
 * @param terminal where its terminal event is
 * @param attempt the attempt that wrote it
 * @param firstOffset where its first event is
 * @param appendedAt when the log took the terminal, in epoch milliseconds
 * @param sealed whether what it says is sealed, and there was no key for it
 * @param expected what the projector has to make of it; absent if that cannot be told
 */
record EndedStream(
        Spot terminal,
        long sequence,
        Attempt attempt,
        long firstOffset,
        long appendedAt,
        boolean sealed,
        @Nullable Expected expected) {}
