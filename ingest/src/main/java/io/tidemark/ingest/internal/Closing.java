package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The time that closing a worker takes: no more than its streams may drain and {@link
 * #BEYOND_DRAIN_MAX}, whatever Kafka and the providers do. Every step has what those before it have
 * left, and does without where that is nothing.
 *
 * <pre>
 *   until, from its beginning      what may take that long
 *   HAND_OVER_MAX, 10 s            the turn that is under way; the last leases and the last commit;
 *                                  leaving the group
 *   drain                          streams in flight go on
 *   drain + ENDING_MAX, 24 s       those that are left are ended, as far as Kafka acknowledges it
 *   drain + LOOP_MAX, 25 s         whoever reads the commands of partitions that were let go closes
 *   drain + BEYOND_DRAIN_MAX, 30 s producers and connections to providers close, PART_MAX each
 * </pre>
 *
 * <p>What a step could not do the next owner finds in the log: without a lease it may take streams
 * over that drain here, without a commit it reads further back, a group that was not left waits for
 * the session to be over, and a stream without an end is ended by the next owner. Immutable.
 *
 * @param nanos what {@link System#nanoTime} gives
 * @param begin what it gave when closing began
 * @param drain how long streams in flight may go on, from then
 * @param handOverMax when the partitions are somebody else's, from then
 * @param endingMax when streams have their end, after draining
 * @param loopMax when the command loop has ended, after draining
 * @param beyondDrainMax when everything is closed, after draining
 */
public record Closing(
        LongSupplier nanos,
        long begin,
        Duration drain,
        Duration handOverMax,
        Duration endingMax,
        Duration loopMax,
        Duration beyondDrainMax) {
    private static final Duration HAND_OVER_MAX = Duration.ofSeconds(10);
    private static final Duration ENDING_MAX = Duration.ofSeconds(24);
    private static final Duration LOOP_MAX = Duration.ofSeconds(25);

    private static final Duration PART_MAX = Duration.ofSeconds(5);

    /** What closing takes at most, beyond the time to drain. */
    public static final Duration BEYOND_DRAIN_MAX = Duration.ofSeconds(30);

    public Closing {
        requireNonNull(nanos, "nanos");
        requireNonNull(drain, "drain");
        requireNonNull(handOverMax, "handOverMax");
        requireNonNull(endingMax, "endingMax");
        requireNonNull(loopMax, "loopMax");
        requireNonNull(beyondDrainMax, "beyondDrainMax");
    }

    /** Begins now. */
    public static Closing now(Duration drain, LongSupplier nanos) {
        return new Closing(
                nanos,
                nanos.getAsLong(),
                drain,
                HAND_OVER_MAX,
                ENDING_MAX,
                LOOP_MAX,
                BEYOND_DRAIN_MAX);
    }

    /** What is left for handing partitions over. */
    Duration handOverLeft() {
        return left(handOverMax);
    }

    /** Whether streams may go on. */
    boolean drains() {
        return !left(drain).isZero();
    }

    /** What is left for streams to be ended. */
    Duration endingLeft() {
        return left(drain.plus(endingMax));
    }

    /** What is left for the command loop. */
    public Duration loopLeft() {
        return left(drain.plus(loopMax));
    }

    /** What the next part may take to close. */
    public Duration partLeft() {
        var all = left(drain.plus(beyondDrainMax));
        return all.compareTo(PART_MAX) < 0 ? all : PART_MAX;
    }

    private Duration left(Duration from) {
        return Duration.ofNanos(Math.max(0, from.toNanos() - (nanos.getAsLong() - begin)));
    }
}
