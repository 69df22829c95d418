package io.tidemark.projector.internal;

import io.tidemark.projector.internal.Answer.Reason;

import java.util.Map;

/**
 * How a question for a list ended: a list without holes, or none.
 *
 * <pre>{@code
 * switch (listed) {
 *     case Listed.Found(StreamPage page) -> ...
 *     case Listed.Unavailable(Map<Integer, Reason> partitions) -> ... // ask again
 * }
 * }</pre>
 */
sealed interface Listed {
    /** What the partitions that were asked for hold. */
    record Found(StreamPage page) implements Listed {}

    /**
     * Some of them cannot say now.
     *
     * @param partitions which, and why; at least one
     */
    record Unavailable(Map<Integer, Reason> partitions) implements Listed {
        public Unavailable {
            partitions = Map.copyOf(partitions);
        }
    }
}
