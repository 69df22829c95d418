package io.tidemark.schemas;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Runs a property over many seeds. The first seed is the system property {@code test.seed}, or
 * random when that is empty; a failure names the seed of the failing case, which repeats it as the
 * first one.
 */
final class Seeds {
    private Seeds() {}

    static void forEach(int cases, Consumer<EventGenerator> property) {
        forEachSeed(cases, seed -> property.accept(new EventGenerator(seed)));
    }

    /** The same for properties of anything but events. */
    static void randomly(int cases, Consumer<Random> property) {
        forEachSeed(cases, seed -> property.accept(new Random(seed)));
    }

    private static void forEachSeed(int cases, LongConsumer property) {
        long first = first();
        for (long seed = first; seed < first + cases; seed++) {
            try {
                property.accept(seed);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("failed with -Dtest.seed=" + seed, e);
            }
        }
    }

    private static long first() {
        var given = System.getProperty("test.seed", "");
        /* Far from overflow, and short enough to be typed. */
        return given.isEmpty()
                ? ThreadLocalRandom.current().nextLong(1_000_000_000L)
                : Long.parseLong(given);
    }
}
