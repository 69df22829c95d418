package io.tidemark.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is done to an installation, by the name that a command line gives it. */
enum Plan {
    /** Drawn from a seed: faults of all kinds overlap. */
    RANDOM,
    /**
     * Each broker is made the leader of everything, killed and started again; then one that leads
     * everything is cut off from everybody for a minute.
     */
    BROKERS,
    /** Every process of every role is restarted in good order, as {@code operations.md} says. */
    ROLLING;

    private static final int BROKERS_REPLICATED = 3;
    private static final Duration KILLED_FOR = Duration.ofSeconds(15);
    private static final Duration CUT_FOR = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    /* With what the provider thinks before it, less than workers drain for by default. */
    private static final Duration LONGEST_ROLLING = Duration.ofSeconds(10);
    private static final Duration SESSION = Duration.ofSeconds(9);
    private static final Duration SESSION_RANDOM = Duration.ofSeconds(4);

    /** The plan of that name. */
    static Plan named(String name) {
        return Arrays.stream(values())
                .filter(plan -> plan.label().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "plan must be one of %s, was %s"
                                        .formatted(
                                                Arrays.stream(values()).map(Plan::label).toList(),
                                                name)));
    }

    /** Its name. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether what is done, and in which order, is the same each time. */
    boolean fixed() {
        return this != RANDOM;
    }

    /** Whether brokers need networks of their own, to be cut off from each other. */
    boolean apart() {
        return this == BROKERS;
    }

    /** How many brokers there are, if nobody says so. */
    int brokers() {
        return fixed() ? BROKERS_REPLICATED : 1;
    }

    /**
     * How long the provider sends a long answer, without the time that it thinks.
     *
     * @param length for how long streams are started
     */
    Duration longest(Duration length) {
        var third = length.dividedBy(3);
        var longest = this == ROLLING ? LONGEST_ROLLING : LONGEST;
        return longest.compareTo(third) < 0 ? longest : third;
    }

    /**
     * How long a broker may be silent. By default 9 s; a killed one cannot register again before,
     * which would be most of what a run of drawn faults lasts.
     */
    Duration brokerSession() {
        return fixed() ? SESSION : SESSION_RANDOM;
    }

    /** The steps of a fixed plan; none of one that is drawn. */
    Steps steps(Layout layout) {
        return switch (this) {
            case RANDOM -> new Steps(List.of());
            case BROKERS -> Steps.ofBrokers(layout, KILLED_FOR, CUT_FOR);
            case ROLLING -> Steps.rolling(layout);
        };
    }
}
