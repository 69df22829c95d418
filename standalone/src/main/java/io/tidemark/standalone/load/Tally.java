package io.tidemark.standalone.load;

/**
 * What readers have seen, together. Immutable.
 *
 * @param readers how many there are
 * @param complete how many of them have the last event of their stream
 * @param failed how many have given up, or have a stream that did not complete
 * @param events events that were the next one, or came behind a gap
 * @param gaps events that are missing
 * @param duplicates events that came again
 * @param disorders events whose time in the simulator's clock is not behind that of the one before
 * @param cameBack times that a reader had to come back without having been cut off by the benchmark
 */
public record Tally(
        long readers,
        long complete,
        long failed,
        long events,
        long gaps,
        long duplicates,
        long disorders,
        long cameBack) {
    /** Of nobody. */
    public static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, 0);

    /** Both together. */
    public Tally plus(Tally other) {
        return new Tally(
                readers + other.readers,
                complete + other.complete,
                failed + other.failed,
                events + other.events,
                gaps + other.gaps,
                duplicates + other.duplicates,
                disorders + other.disorders,
                cameBack + other.cameBack);
    }

    /** Whether every reader has had every event up to the last one, once and in order. */
    public boolean correct() {
        return sound() && complete == readers;
    }

    /** Whether what was read so far is right, even if readers have not come to the end. */
    public boolean sound() {
        return failed == 0 && gaps == 0 && duplicates == 0 && disorders == 0;
    }
}
