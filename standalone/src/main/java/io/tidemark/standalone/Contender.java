package io.tidemark.standalone;

/** What a benchmark measures, each in a process of its own, one after the other. */
enum Contender {
    /** The provider's events passed on from memory. */
    PLAIN("plain server", "plain-server"),
    /** The system: Kafka, worker, projector and edge. */
    TIDEMARK("tidemark", "standalone");

    private final String label;
    private final String role;

    Contender(String label, String role) {
        this.label = label;
        this.role = role;
    }

    /** What a person calls it, and rows of tables. */
    String label() {
        return label;
    }

    /** The command that runs it. */
    String role() {
        return role;
    }
}
