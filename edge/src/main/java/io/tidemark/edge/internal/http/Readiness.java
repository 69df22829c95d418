package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.Tail;
import io.tidemark.schemas.NotAllowedException;
import io.tidemark.schemas.RightsCheck;
import io.tidemark.schemas.TopicRefusedException;

import java.time.Duration;
import java.util.Optional;

/**
 * Tells whether this edge can do its work: Kafka answers, allows it, and the tail follows.
 * Thread-safe.
 */
public final class Readiness {
    /** Longest wait for an answer of Kafka. */
    public static final Duration ANSWER_MAX = Duration.ofSeconds(1);

    private static final Duration TAIL_QUIET_MAX = Duration.ofSeconds(5);

    private final RightsCheck rights;
    private final Tail tail;

    /**
     * A check.
     *
     * @param rights what an edge needs, with {@link #ANSWER_MAX} as the longest wait
     */
    public Readiness(RightsCheck rights, Tail tail) {
        this.rights = rights;
        this.tail = tail;
    }

    /** What is wrong, if something is; blocks for a few seconds at most. */
    Optional<String> problem() {
        try {
            rights.require();
        } catch (NotAllowedException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (TopicRefusedException e) {
            return Optional.of("Kafka does not answer");
        }
        return tail.quietFor().compareTo(TAIL_QUIET_MAX) > 0
                ? Optional.of("the tail of the log does not turn")
                : Optional.empty();
    }
}
