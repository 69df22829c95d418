package io.tidemark.auditor;

import java.util.Locale;

/** What came of folding one stream again. Names are stable: they are added, never renamed. */
public enum ReplayVerdict {
    EQUAL("what was published is what the log folds to", Weight.FINE),
    DIFFERS("what was published is not what the log folds to", Weight.WRONG),
    MISSING(
            "the projector has read the stream to its end, and its response or its ledger row is not there",
            Weight.WRONG),
    SEALED(
            "its content is sealed and there is no key for it; its ledger row is what the log folds to",
            Weight.FINE),
    OPEN("there is no terminal event yet", Weight.FINE),
    NO_RESULT(
            "its start is not there or its terminal event cannot be read, so nothing is published of it",
            Weight.FINE),
    ERASED("its content was erased; its ledger row is what the log folds to", Weight.FINE),
    EXPIRED("retention has removed its beginning, or what was published of it", Weight.NOTHING),
    ABSENT("there is no trace of it in the log", Weight.NOTHING),
    PENDING(
            "it has ended, and the projector has not published it in the time allowed",
            Weight.UNCHECKED),
    UNFOLDED("it was not folded because memory was full", Weight.UNCHECKED);

    private enum Weight {
        FINE,
        NOTHING,
        UNCHECKED,
        WRONG
    }

    private final String meaning;
    private final Weight weight;

    ReplayVerdict(String meaning, Weight weight) {
        this.meaning = meaning;
        this.weight = weight;
    }

    /** The name in reports, such as {@code no-result}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it says, for a person. */
    public String meaning() {
        return meaning;
    }

    /** Whether something was published that should not be, or was not that should. */
    public boolean wrong() {
        return weight == Weight.WRONG;
    }

    /** Whether it should have been compared and was not. */
    public boolean unchecked() {
        return weight == Weight.UNCHECKED;
    }

    /** Whether there was nothing to compare, which is no answer to whoever asked for the stream. */
    public boolean nothingToCompare() {
        return weight == Weight.NOTHING;
    }
}
