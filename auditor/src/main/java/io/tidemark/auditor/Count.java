package io.tidemark.auditor;

import java.util.Locale;

/** What an audit counts; none of it breaks the contract. Names are stable. */
public enum Count {
    STREAMS("streams audited"),
    EVENTS("events that readers accept"),
    FENCES("fences"),
    FENCED("records dropped behind fences"),
    OUTRANKED("done records of owners before the one that was, which count no more"),
    AHEAD(
            "starts without a stream, from more than a minute ahead of the log, which workers set aside"),
    UNKNOWN_EVENTS("events of a type that this version does not know"),
    OPEN("streams without a terminal event"),
    TRUNCATED("streams whose beginning retention has removed; only the rest is checked"),
    PENDING(
            "ended streams that the projector has not read to their end; the audit is incomplete",
            true),
    UNREAD(
            "partitions of results that could not be read to their end; the audit is incomplete",
            true),
    ERASED("ended streams that were erased: they have a ledger row and need no response"),
    SEALED(
            "ended streams that are sealed and that there is no key for; only their ledger row is checked"),
    EXPIRED("commands and results whose other half retention has removed"),
    NOT_COMPARED(
            "ended streams whose results cannot be compared, for part of the stream is not there"),
    SHORTENED("results left out of the comparison because no topic takes them whole"),
    UNFOLDED(
            "streams whose content was not checked because memory was full; the audit is incomplete",
            true);

    private final String meaning;
    private final boolean unchecked;

    Count(String meaning) {
        this(meaning, false);
    }

    Count(String meaning, boolean unchecked) {
        this.meaning = meaning;
        this.unchecked = unchecked;
    }

    /** The name in reports, such as {@code not-compared}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether each of them is something that should be checked and was not. */
    public boolean unchecked() {
        return unchecked;
    }

    /** What is counted, for a person. */
    public String meaning() {
        return meaning;
    }
}
