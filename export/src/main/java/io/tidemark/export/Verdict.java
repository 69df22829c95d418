package io.tidemark.export;

import io.tidemark.schemas.WireName;

/**
 * What readers make of a record, and so whether an export has it. The column {@code log_verdict}
 * holds the wire name.
 */
public enum Verdict implements WireName {
    ACCEPTED(true, "what readers take in"),
    GAP(
            true,
            "what readers take in, though events before it are missing: retention has removed"
                    + " them, or they were lost"),
    FENCED(false, "an event of an attempt that a fence has ended"),
    DUPLICATE(false, "an event whose sequence came before"),
    AFTER_TERMINAL(false, "an event behind the end of its stream"),
    FENCE(false, "the fence of a stream, which has no value"),
    TOMBSTONE(false, "a key without a value: what it had was deleted"),
    SUPERSEDED(false, "a record whose key comes again later, with `--latest`"),
    FOREIGN(false, "a record whose key or headers are not those of the topic"),
    UNREADABLE(false, "a value that is not one JSON object");

    private final boolean kept;
    private final String meaning;

    Verdict(boolean kept, String meaning) {
        this.kept = kept;
        this.meaning = meaning;
    }

    /** Whether an export has such records without being asked for all. */
    public boolean kept() {
        return kept;
    }

    /** What it says of a record, as a fragment. */
    public String meaning() {
        return meaning;
    }
}
