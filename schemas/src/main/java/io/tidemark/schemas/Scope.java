package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which streams somebody who reads the topics is after, told from their ids: {@link Everything},
 * those asked for {@link Between} two times, {@link One}, or {@link Several}. Since it is the id
 * that tells, a scope holds whole streams, and the same ones in every topic. Immutable.
 */
public sealed interface Scope {
    /** How far the clocks of edges, which mint ids, and brokers may be apart. */
    Duration CLOCK_SKEW = Duration.ofMinutes(5);

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

    /**
     * These streams; only their partitions are read, each from the time of its earliest one.
     *
     * @param ids at least one
     */
    record Several(Set<StreamId> ids) implements Scope {
        public Several {
            ids = Collections.unmodifiableSet(new LinkedHashSet<>(ids));
            if (ids.isEmpty()) {
                throw new IllegalArgumentException("ids must not be empty");
            }
        }

        @Override
        public boolean includes(StreamId id) {
            return ids.contains(id);
        }

        @Override
        public boolean includesStrangers(Instant appendedAt) {
            return false;
        }

        @Override
        public Optional<Instant> earliest() {
            return ids.stream().map(StreamId::time).min(Instant::compareTo);
        }

        @Override
        public Optional<Instant> earliest(int partition) {
            return on(partition).stream().map(StreamId::time).min(Instant::compareTo);
        }

        /** Those that are on a partition. */
        public List<StreamId> on(int partition) {
            return ids.stream().filter(id -> id.partition() == partition).toList();
        }

        @Override
        public IntStream partitions(int count) {
            return ids.stream().mapToInt(StreamId::partition).distinct().sorted();
        }
    }

    /** Whether a stream is one of them. */
    boolean includes(StreamId id);

    /** Whether a record that names no stream, appended at that time, belongs with them. */
    boolean includesStrangers(Instant appendedAt);

    /**
     * The time from which on there can be records of these streams, give or take {@link
     * #CLOCK_SKEW}; empty for any.
     */
    default Optional<Instant> earliest() {
        return Optional.empty();
    }

    /** The same of those that are on one partition. */
    default Optional<Instant> earliest(int partition) {
        return earliest();
    }

    /** The partitions they are on, of so many. */
    default IntStream partitions(int count) {
        return IntStream.range(0, count);
    }
}
