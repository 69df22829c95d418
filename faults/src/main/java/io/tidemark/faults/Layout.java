package io.tidemark.faults;

/**
 * How many processes of each role there are; the projector and the provider are one each.
 * Immutable.
 *
 * @param brokers 1, or 3 with three replicas of everything, two of which must be in sync
 * @param workers at least 2, so that one is left
 * @param edges at least 2, so that one is left
 */
record Layout(int brokers, int workers, int edges) {
    private static final int WORKERS = 3;
    private static final int EDGES = 2;
    private static final int BROKERS_REPLICATED = 3;

    Layout {
        if (brokers != 1 && brokers != BROKERS_REPLICATED) {
            throw new IllegalArgumentException("brokers must be 1 or 3, was " + brokers);
        }
        if (workers < 2 || edges < 2) {
            throw new IllegalArgumentException(
                    "workers and edges must be 2 or more, were %d and %d"
                            .formatted(workers, edges));
        }
    }

    /** Three workers and two edges. */
    static Layout withBrokers(int brokers) {
        return new Layout(brokers, WORKERS, EDGES);
    }

    /** How many of a role there are. */
    int count(Target.Role role) {
        return switch (role) {
            case BROKER -> brokers;
            case WORKER -> workers;
            case EDGE -> edges;
            case KAFKA, PROJECTOR, PROVIDER -> 1;
        };
    }
}
