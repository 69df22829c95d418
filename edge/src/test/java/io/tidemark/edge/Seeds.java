package io.tidemark.edge;

import java.util.Random;
import java.util.stream.LongStream;

/** Seeds of randomised tests: the one given as {@code test.seed}, or new ones. */
public final class Seeds {
    private static final String GIVEN = System.getProperty("test.seed", "");

    private Seeds() {}

    /** Whether one was given, so that a test is for that alone. */
    public static boolean given() {
        return !GIVEN.isEmpty();
    }

    /** The one that was given, or so many new ones. */
    public static LongStream upTo(int count) {
        return given() ? LongStream.of(Long.parseLong(GIVEN)) : new Random().longs(count);
    }
}
