package io.tidemark.faults;

import java.time.Duration;

/**
 * Something that goes wrong, or that an operator does: a process is {@link Killed}, {@link
 * Emptied}, {@link Paused} or {@link Restarted}; all of Kafka is {@link Away}, or {@link Led} by
 * one broker; the network {@link Cut}s a part off, {@link Stall}s, or {@link Reset}s what is open.
 *
 * <pre>{@code
 * switch (fault) {
 *     case Fault.Killed killed -> ...
 *     case Fault.Emptied emptied -> ...
 *     case Fault.Paused paused -> ...
 *     case Fault.Restarted restarted -> ...
 *     case Fault.Away away -> ...
 *     case Fault.Led led -> ...
 *     case Fault.Cut cut -> ...
 *     case Fault.Stall stall -> ...
 *     case Fault.Reset reset -> ...
 * }
 * }</pre>
 */
sealed interface Fault {
    /** What it is done to. */
    Target target();

    /** How long it lasts, as far as the plan knows: without the time that a start takes. */
    Duration lasts();

    /** What is done, in one word for reports. */
    String verb();

    /** What reports count it under, such as {@code worker killed}. */
    default String kind() {
        return target().role().label() + " " + verb();
    }

    /** What is done to what, and for how long, in one line. */
    default String shown() {
        return "%s %s%s"
                .formatted(
                        target().label(),
                        verb(),
                        lasts().isZero() ? "" : " for %.1fs".formatted(lasts().toMillis() / 1e3));
    }

    /** {@code kill -9}; started again, on the same directory and under the same name. */
    record Killed(Target target, Duration lasts) implements Fault {
        @Override
        public String verb() {
            return "killed";
        }
    }

    /** {@code kill -9}, and its data is lost; started again under the same name. */
    record Emptied(Target target, Duration lasts) implements Fault {
        @Override
        public String verb() {
            return "emptied";
        }
    }

    /** {@code kill -STOP}, and {@code kill -CONT} after that. */
    record Paused(Target target, Duration lasts) implements Fault {
        @Override
        public String verb() {
            return "paused";
        }
    }

    /** {@code kill -TERM}, and a start when it has stopped in good order. */
    record Restarted(Target target) implements Fault {
        @Override
        public Duration lasts() {
            return Duration.ZERO;
        }

        @Override
        public String verb() {
            return "restarted";
        }
    }

    /** {@code kill -9} of every broker; started again, all at once, after that. */
    record Away(Duration lasts) implements Fault {
        @Override
        public Target target() {
            return new Target(Target.Role.KAFKA, 0);
        }

        @Override
        public String verb() {
            return "away";
        }
    }

    /**
     * A broker is made the leader of all partitions: it is put first among their replicas, and
     * leaders are elected.
     */
    record Led(Target target) implements Fault {
        @Override
        public Duration lasts() {
            return Duration.ZERO;
        }

        @Override
        public String verb() {
            return "made leader";
        }
    }

    /**
     * Of a worker: all its connections to Kafka are reset, and new ones refused. Of a broker: its
     * network is taken away, so that nothing comes through from or to anybody, and nobody is told.
     */
    record Cut(Target target, Duration lasts) implements Fault {
        @Override
        public String verb() {
            return "cut off";
        }
    }

    /** Of the provider: not a byte goes through, and no connection ends. */
    record Stall(Target target, Duration lasts) implements Fault {
        @Override
        public String verb() {
            return "stalled";
        }
    }

    /** Of the provider, in the middle of every answer; of an edge, to every reader. Once. */
    record Reset(Target target) implements Fault {
        @Override
        public Duration lasts() {
            return Duration.ZERO;
        }

        @Override
        public String verb() {
            return "reset";
        }
    }
}
