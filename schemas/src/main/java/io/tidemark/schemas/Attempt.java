package io.tidemark.schemas;

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
 * @param number counts the takeovers of the stream, from 1; 0 only in {@link #NONE}
 */
public record Attempt(long epoch, int number) implements Comparable<Attempt> {
    /** Lower than every attempt that writes. */
    public static final Attempt NONE = new Attempt(0, 0);

    private static final Comparator<Attempt> ORDER =
            Comparator.comparingLong(Attempt::epoch).thenComparingInt(Attempt::number);

    public Attempt {
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch must not be negative, was " + epoch);
        }
        if (number < 0) {
            throw new IllegalArgumentException("attempt must not be negative, was " + number);
        }
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

    /** The one that takes over from this, under an epoch that must not be lower. */
    public Attempt next(long newEpoch) {
        if (newEpoch < epoch) {
            throw new IllegalArgumentException(
                    "epoch %d cannot outrank epoch %d".formatted(newEpoch, epoch));
        }
        return new Attempt(newEpoch, Math.addExact(number, 1));
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
