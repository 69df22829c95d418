package io.tidemark.faults;

import java.util.Locale;

/**
 * What a fault is done to. Immutable.
 *
 * @param number which one of its role, from 0
 */
record Target(Role role, int number) {
    /** The parts of an installation. */
    enum Role {
        /** All brokers. */
        KAFKA,
        BROKER,
        WORKER,
        EDGE,
        PROJECTOR,
        PROVIDER;

        /** Its name in reports. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Target {
        if (number < 0) {
            throw new IllegalArgumentException("number must not be negative, was " + number);
        }
    }

    /** Its name, which is also that of its process and of its log. */
    String label() {
        return role.label() + "-" + number;
    }
}
