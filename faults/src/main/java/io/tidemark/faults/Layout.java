package io.tidemark.faults;

/**
 * How many processes of each role there are; the provider is one. Immutable.
 *
 * @param brokers 1, or 3 with three replicas of everything, two of which must be in sync
 * @param workers at least 2, so that one is left
 * @param edges at least 2, so that one is left
 * @param projectors 1; or more, which keep a copy of each other's state
 */
record Layout(int brokers, int workers, int edges, int projectors) {
    private static final int WORKERS = 3;
    private static final int EDGES = 2;
    private static final int BROKERS_REPLICATED = 3;
    private static final int PROJECTORS = 3;

    Layout {
        if (brokers != 1 && brokers != BROKERS_REPLICATED) {
            throw new IllegalArgumentException("brokers must be 1 or 3, was " + brokers);
        }
        if (workers < 2 || edges < 2) {
            throw new IllegalArgumentException(
                    "workers and edges must be 2 or more, were %d and %d"
                            .formatted(workers, edges));
        }
        if (projectors < 1) {
            throw new IllegalArgumentException("projectors must be 1 or more, was " + projectors);
        }
    }

    /** Three workers, two edges and a projector, each of which may be hit. */
    static Layout withBrokers(int brokers) {
        return new Layout(brokers, WORKERS, EDGES, 1);
    }

    /** Two workers and two edges that nothing is done to, and three projectors. */
    static Layout ofProjectors(int brokers) {
        return new Layout(brokers, 2, EDGES, PROJECTORS);
    }

    /** Whether the projectors are what it is about. */
    boolean aboutProjectors() {
        return projectors > 1;
    }

    /** How many of a role there are. */
    int count(Target.Role role) {
        return switch (role) {
            case BROKER -> brokers;
            case WORKER -> workers;
            case EDGE -> edges;
            case PROJECTOR -> projectors;
            case KAFKA, PROVIDER -> 1;
        };
    }
}
