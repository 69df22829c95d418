package io.tidemark.auditor.internal;

import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Runs a property over many seeds. The first seed is the system property {@code test.seed}, or
 * random when that is empty; a failure names the seed of the failing case, which repeats it as the
 * first one.
 */
final class Seeds {
    private Seeds() {}

    static void forEach(int cases, Consumer<Random> property) {
        long first = first();
        for (long seed = first; seed < first + cases; seed++) {
            try {
                property.accept(new Random(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError("failed with -Dtest.seed=" + seed, e);
            }
        }
    }

    private static long first() {
        var given = System.getProperty("test.seed", "");
        return given.isEmpty()
                ? ThreadLocalRandom.current().nextLong(1_000_000_000L)
                : Long.parseLong(given);
    }
}
