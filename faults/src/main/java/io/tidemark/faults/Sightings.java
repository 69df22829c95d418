package io.tidemark.faults;

/** Told what clients see of their streams, in the moment in which they do. Thread-safe. */
interface Sightings {
    /** Tells nobody. */
    Sightings NONE =
            new Sightings() {
                @Override
                public void started(String requestId, StreamShape shape) {
                    // Nobody asks.
                }

                @Override
                public void saw(String requestId, int edge, long sequence, boolean terminal) {
                    // Nobody asks.
                }
            };

    /** A start was acknowledged. */
    void started(String requestId, StreamShape shape);

    /**
     * An event came.
     *
     * @param edge the number of the edge that it came from
     * @param terminal whether it ends the stream
     */
    void saw(String requestId, int edge, long sequence, boolean terminal);
}
