package io.tidemark.ingest.internal;

import java.util.Random;

/** Seeds of randomised tests: the one given as {@code test.seed}, or a new one; always printed. */
public final class Seeds {
    private Seeds() {}

    /** A seed to start from. */
    public static long next() {
        var given = System.getProperty("test.seed", "");
        long seed = given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        System.out.println("test.seed=" + seed);
        return seed;
    }
}
