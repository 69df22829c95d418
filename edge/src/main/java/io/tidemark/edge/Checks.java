package io.tidemark.edge;

import static java.util.Objects.requireNonNull;

/** How settings check themselves. */
final class Checks {
    private Checks() {}

    /**
     * Refuses a value that is not allowed.
     *
     * @throws IllegalArgumentException if it is less than the least or more than the most
     */
    static <T extends Comparable<T>> void requireBetween(String name, T value, T least, T most) {
        requireNonNull(value, name);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "%s must be %s to %s, was %s".formatted(name, least, most, value));
        }
    }
}
