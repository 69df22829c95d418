package io.tidemark.faults;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is run. Immutable.
 *
 * @param seed of the plan and of the load
 * @param length for how long streams are started and faults are done
 * @param rate how many streams are started in a second
 * @param without kinds of faults that are left out
 * @param directory for data and logs of all processes; removed when the run has passed
 */
record RunConfig(
        long seed, Duration length, int rate, Layout layout, Set<String> without, Path directory) {
    RunConfig {
        requireNonNull(layout, "layout");
        requireNonNull(directory, "directory");
        without = Set.copyOf(without);
        if (!FaultPlan.kinds(layout).containsAll(without)) {
            throw new IllegalArgumentException(
                    "without must be some of %s, was %s"
                            .formatted(FaultPlan.kinds(layout), without));
        }
        if (length.isNegative() || length.isZero()) {
            throw new IllegalArgumentException("length must be positive, was " + length);
        }
        if (rate < 1) {
            throw new IllegalArgumentException("rate must be 1 or more, was " + rate);
        }
    }

    /** Kinds of faults that do not come, of all that there are. */
    Set<String> leftOut() {
        var leftOut = new TreeSet<>(FaultPlan.kinds(Layout.withBrokers(layout.brokers())));
        leftOut.removeAll(FaultPlan.kinds(layout));
        leftOut.addAll(without);
        return leftOut;
    }

    /** The command that does the same again. */
    String command() {
        return "make %s FOR=%ds SEED=%d BROKERS=%d RATE=%d%s"
                .formatted(
                        layout.aboutProjectors() ? "projectors" : "faults",
                        length.toSeconds(),
                        seed,
                        layout.brokers(),
                        rate,
                        without.isEmpty()
                                ? ""
                                : " WITHOUT='" + String.join(",", new TreeSet<>(without)) + "'");
    }
}
