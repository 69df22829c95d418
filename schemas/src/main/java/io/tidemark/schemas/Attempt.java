package io.tidemark.schemas;

import static io.tidemark.schemas.FieldException.requireBetween;
import static io.tidemark.schemas.FieldException.requireNotNegative;

import java.util.Comparator;

/**
 * Under which authority a record of a stream was written: readers drop a record whose attempt is
 * lower than one they have passed.
 *
 * <p>The epoch decides first. Nobody but the worker whose claim is at that offset writes under it,
 * so a worker that lost its partition without noticing can never outrank whoever claimed it after.
 * Section 6 of {@code docs/protocol.md}. Immutable.
 *
 * @param epoch offset of the writer's claim in the stream's partition of {@code tidemark.commands};
 *     0 for records that name none
 * @param number counts the writers of the stream, from 1 up to {@link #NUMBER_MAX}, where it stays;
 *     0 only in {@link #NONE}
 */
public record Attempt(long epoch, int number) implements Comparable<Attempt> {
    /** Highest number of an attempt. */
    public static final int NUMBER_MAX = 1_000_000;

    /** Lower than every attempt that writes. */
    public static final Attempt NONE = new Attempt(0, 0);

    private static final Comparator<Attempt> ORDER =
            Comparator.comparingLong(Attempt::epoch).thenComparingInt(Attempt::number);

    public Attempt {
        requireNotNegative("epoch", epoch);
        requireBetween("attempt", number, 0, NUMBER_MAX);
    }

    /** The first attempt of a stream that begins under an epoch. */
    public static Attempt first(long epoch) {
        return new Attempt(epoch, 1);
    }

    /** Whether records of it are dropped behind one of the other. */
    public boolean isBelow(Attempt other) {
        return compareTo(other) < 0;
    }

    /** The higher one. */
    public Attempt max(Attempt other) {
        return isBelow(other) ? other : this;
    }

    /**
     * The one that takes over from this, under an epoch that must not be lower. A higher epoch
     * outranks any number, so there is always one; within an epoch the numbers can be used up.
     *
     * @throws IllegalStateException if they are
     */
    public Attempt next(long newEpoch) {
        if (newEpoch < epoch) {
            throw new IllegalArgumentException(
                    "epoch %d cannot outrank epoch %d".formatted(newEpoch, epoch));
        }
        if (newEpoch == epoch && number == NUMBER_MAX) {
            throw new IllegalStateException(
                    "attempt %s has the highest number there is: only a higher epoch outranks it"
                            .formatted(this));
        }
        return new Attempt(newEpoch, Math.min(number + 1, NUMBER_MAX));
    }

    @Override
    public int compareTo(Attempt other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return epoch + "/" + number;
    }
}
