package io.tidemark.faults;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is run. Immutable.
 *
 * @param plan what is done
 * @param seed of the plan and of the load
 * @param length for how long streams are started and faults are done; with a fixed plan at least,
 *     for streams are started until its last step is over
 * @param rate how many streams are started in a second
 * @param without kinds of faults that are left out
 * @param directory for data and logs of all processes; removed when the run has passed
 */
record RunConfig(
        Plan plan,
        long seed,
        Duration length,
        int rate,
        Layout layout,
        Set<String> without,
        Path directory) {
    RunConfig {
        requireNonNull(plan, "plan");
        requireNonNull(layout, "layout");
        requireNonNull(directory, "directory");
        without = Set.copyOf(without);
        if (!FaultPlan.kinds(layout).containsAll(without)) {
            throw new IllegalArgumentException(
                    "without must be some of %s, was %s"
                            .formatted(FaultPlan.kinds(layout), without));
        }
        if (plan.fixed()) {
            requireFixed(plan, layout, without);
        }
        if (length.isNegative() || length.isZero()) {
            throw new IllegalArgumentException("length must be positive, was " + length);
        }
        if (rate < 1) {
            throw new IllegalArgumentException("rate must be 1 or more, was " + rate);
        }
    }

    private static void requireFixed(Plan plan, Layout layout, Set<String> without) {
        if (layout.aboutProjectors()) {
            throw new IllegalArgumentException(
                    "plan must be random where projectors alone are hit, was " + plan.label());
        }
        if (layout.brokers() != plan.brokers()) {
            throw new IllegalArgumentException(
                    "brokers must be %d in plan %s, was %d"
                            .formatted(plan.brokers(), plan.label(), layout.brokers()));
        }
        if (!without.isEmpty()) {
            throw new IllegalArgumentException(
                    "without must be empty in plan %s, was %s".formatted(plan.label(), without));
        }
    }

    /** Kinds of faults that do not come, of all that a plan may draw. */
    Set<String> leftOut() {
        var leftOut = new TreeSet<>(FaultPlan.kinds(Layout.withBrokers(layout.brokers())));
        if (plan.fixed()) {
            return leftOut;
        }
        leftOut.removeAll(FaultPlan.kinds(layout));
        leftOut.addAll(without);
        return leftOut;
    }

    /** The command that does the same again. */
    String command() {
        return "make %s%s FOR=%ds SEED=%d BROKERS=%d RATE=%d%s"
                .formatted(
                        layout.aboutProjectors() ? "projectors" : "faults",
                        plan.fixed() ? " PLAN=" + plan.label() : "",
                        length.toSeconds(),
                        seed,
                        layout.brokers(),
                        rate,
                        without.isEmpty()
                                ? ""
                                : " WITHOUT='" + String.join(",", new TreeSet<>(without)) + "'");
    }
}
