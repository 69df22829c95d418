package io.tidemark.projector.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Tells where the partitions of the log of events end. Thread-safe. */
public interface LogEnds {
    /**
     * What the log holds now: for each partition the offset behind its last event, or 0 if nothing
     * is left in it to be read. A partition of which the log does not tell is not in the answer.
     *
     * @param max longest time it may take
     */
    Map<Integer, Long> now(Set<Integer> partitions, Duration max) throws InterruptedException;

    /** Whether the log was heard of lately; if not, this instance is cut off from it. */
    boolean inTouch();
}
