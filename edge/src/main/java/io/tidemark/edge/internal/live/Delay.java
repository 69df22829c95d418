package io.tidemark.edge.internal.live;

import java.time.Duration;

/** Runs tasks of a reader later, on its loop. Confined to that loop. */
@FunctionalInterface
public interface Delay {
    /**
     * Runs a task when a time has passed.
     *
     * @return calls it off; does nothing when the task has run
     */
    Runnable after(Duration time, Runnable task);
}
