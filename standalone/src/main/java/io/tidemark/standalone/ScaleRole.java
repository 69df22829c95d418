package io.tidemark.standalone;

/** Who uses the machine's cores when an installation of several processes is measured. */
enum ScaleRole {
    /** The broker. */
    KAFKA("Kafka"),
    /** All workers. */
    WORKER("workers"),
    /** The projector. */
    PROJECTOR("projector"),
    /** All edges. */
    EDGE("edges"),
    /** Readers and provider, which share the process of the benchmark. */
    CLIENTS("clients and provider");

    private final String label;

    ScaleRole(String label) {
        this.label = label;
    }

    /** What a person calls it. */
    String label() {
        return label;
    }
}
