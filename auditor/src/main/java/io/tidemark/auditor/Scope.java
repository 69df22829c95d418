package io.tidemark.auditor;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which streams are audited, told from their ids: {@link Everything}, those asked for {@link
 * Between} two times, or {@link One}.
 */
public sealed interface Scope {
    /** Every stream the topics hold. */
    record Everything() implements Scope {
        @Override
        public boolean includes(StreamId id) {
            return true;
        }

        @Override
        public boolean includesStrangers(Instant appendedAt) {
            return true;
        }
    }

    /**
     * Streams asked for in a time range.
     *
     * @param from earliest time, inclusive; absent for the beginning
     * @param to latest time, exclusive; absent for the end
     */
    record Between(@Nullable Instant from, @Nullable Instant to) implements Scope {
        public Between {
            if (from != null && to != null && !from.isBefore(to)) {
                throw new IllegalArgumentException(
                        "from must be before to, was " + from + " and " + to);
            }
        }

        @Override
        public boolean includes(StreamId id) {
            return within(id.time());
        }

        @Override
        public boolean includesStrangers(Instant appendedAt) {
            return within(appendedAt);
        }

        private boolean within(Instant time) {
            return (from == null || !time.isBefore(from)) && (to == null || time.isBefore(to));
        }

        @Override
        public Optional<Instant> earliest() {
            return Optional.ofNullable(from);
        }
    }

    /** One stream; only its partition is read. */
    record One(StreamId id) implements Scope {
        public One {
            requireNonNull(id, "id");
        }

        @Override
        public boolean includes(StreamId other) {
            return id.equals(other);
        }

        @Override
        public boolean includesStrangers(Instant appendedAt) {
            return false;
        }

        @Override
        public Optional<Instant> earliest() {
            return Optional.of(id.time());
        }

        @Override
        public IntStream partitions(int count) {
            return IntStream.of(id.partition());
        }
    }

    /** Whether a stream is audited. */
    boolean includes(StreamId id);

    /** Whether a record that names no stream is. */
    boolean includesStrangers(Instant appendedAt);

    /** The time from which on there can be records of these streams; empty for any. */
    default Optional<Instant> earliest() {
        return Optional.empty();
    }

    /** The partitions they are on, of so many. */
    default IntStream partitions(int count) {
        return IntStream.range(0, count);
    }
}
