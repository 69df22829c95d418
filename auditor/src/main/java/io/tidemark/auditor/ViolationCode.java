package io.tidemark.auditor;

import java.util.Locale;

/**
 * The ways in which topics can break the contract. Names are stable: they are added, never renamed.
 * {@code docs/verify.md} lists them all.
 */
public enum ViolationCode {
    FOREIGN_RECORD("5.3", "key or headers are not those of an event, a fence or a result"),
    WRONG_PARTITION("2.2", "a record is not on the partition that its id or `partition` names"),
    MALFORMED("3.1", "the value cannot be read as what it should be"),
    KEY_MISMATCH("5.1", "the key is not that of what the value speaks of"),
    HEADER_MISMATCH("5.3", "type, sequence or attempt differ between headers and value"),
    PRESENCE_MISMATCH(
            "5.3",
            "the header `presence` is not on all events of a stream with `onDisconnect: \"cancel\"`, or on some of another"),
    START_MISSING("4.1", "the first event is not `stream.started` with sequence 0"),
    START_REPEATED("4.1", "`stream.started` comes again"),
    SEQUENCE_GAP("4.3", "sequences are missing"),
    SEQUENCE_REPEATED("4.3", "a sequence comes again, or too late"),
    ATTEMPT_OUT_OF_TURN(
            "6.1", "an event's attempt is not that of the last fence, or not the first before it"),
    EPOCH_UNCLAIMED("7.6", "an event's epoch is not the offset of a claim"),
    READER_DISAGREEMENT("6.2", "what readers make of a record is not what section 6.2 says"),
    AFTER_TERMINAL("4.2", "an event that no fence has ended follows the terminal event"),
    ITEM_NOT_STARTED("3.6", "something of an item comes before its `item.started`"),
    ITEM_STARTED_TWICE("3.6", "`item.started` comes again for the same choice and output index"),
    ITEM_NOT_COMPLETED("3.6", "items are open at the terminal event"),
    LANE_MISMATCH(
            "3.5", "the text of a lane has another length or hash than `content.completed` says"),
    LANE_NOT_COMPLETED("3.6", "lanes have no `content.completed` at the terminal event"),
    NEVER_ENDED("4.2", "the stream has no terminal event (with `--closed`)"),
    NEVER_STARTED("4.1", "a `stream.start` has no stream (with `--closed`)"),
    DONE_MISSING(
            "7.4", "a stream has ended and no `stream.done` that counts says so (with `--closed`)"),
    DONE_WITHOUT_END("7.4", "`stream.done` was written and the terminal event is not in the log"),
    DONE_MISMATCH("7.1", "`stream.done` names another sequence or attempt than the log has"),
    RESPONSE_MISSING("8.1", "the projector has read the stream to its end and left no response"),
    RESPONSE_MISMATCH("8.1", "the response is not the fold of the accepted events"),
    USAGE_MISSING("8.2", "the projector has read the stream to its end and left no ledger row"),
    USAGE_MISMATCH("8.2", "the ledger row is not the fold of the accepted events"),
    COST_MISMATCH(
            "8.5",
            "the cost of the ledger row is not by the price table (with `projector.prices`)"),
    USAGE_REPEATED("8.2", "the stream has more than one ledger row"),
    RESULT_MISPLACED(
            "8.3", "`firstOffset`, `lastOffset` or timestamp of a result are not the stream's"),
    RESULT_WITHOUT_END("8.2", "a result says where its stream ended, and it did not end there"),
    RESULT_WITHOUT_STREAM("8.1", "a result has no stream, and retention has not removed it"),
    RESPONSE_NOT_ERASED(
            "16.3", "the projector has read that the stream was erased, and its response stands");

    private final String section;
    private final String meaning;

    ViolationCode(String section, String meaning) {
        this.section = section;
        this.meaning = meaning;
    }

    /** The name in reports, such as {@code sequence-gap}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Section of {@code docs/protocol.md} that is broken. */
    public String section() {
        return section;
    }

    /** What is wrong, for a person. */
    public String meaning() {
        return meaning;
    }
}
