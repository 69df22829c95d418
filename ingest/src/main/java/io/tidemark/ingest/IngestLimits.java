package io.tidemark.ingest;

import static java.util.Objects.requireNonNull;

/**
 * How much one worker takes on. Immutable; every number is positive.
 *
 * @param streamsMax most streams in flight; when full, a partition whose next command is a start is
 *     paused until one ends, so starts wait in the log and cancels behind them wait too
 * @param eventBytesMax largest event written, in bytes of JSON; a larger one ends its stream with
 *     {@code protocol_error}
 * @param frameBytesMax largest provider frame read, in bytes; a larger one ends its stream with
 *     {@code protocol_error}
 * @param errorBodyBytesMax most bytes read of a refusal's body; the rest is not read
 * @param idsRememberedMax most ids remembered for each partition, of streams that ended and of
 *     cancels that came without a start; beyond it the eldest is forgotten
 * @param backlogStreamsMax most open streams of one partition taken over at a time; the rest of the
 *     backlog is read when these are in flight
 * @param takeoversMax most read-backs of the event log at a time, of our own streams and again of
 *     those of others; further ones wait
 * @param response how much of one response is held in memory while it is read
 */
public record IngestLimits(
        int streamsMax,
        int eventBytesMax,
        int frameBytesMax,
        int errorBodyBytesMax,
        int idsRememberedMax,
        int backlogStreamsMax,
        int takeoversMax,
        ResponseLimits response) {
    private static final int MEBIBYTE = 1024 * 1024;

    /** Largest event that a topic of the contract takes with its headers, in bytes. */
    private static final int EVENT_BYTES_CEILING = 31 * MEBIBYTE;

    /**
     * Largest frame that can be read, in bytes: more than one event holds could not be passed on.
     */
    public static final int FRAME_BYTES_CEILING = EVENT_BYTES_CEILING;

    public IngestLimits {
        Settings.requireRange("streamsMax", streamsMax, 1, 1_000_000);
        Settings.requireRange("eventBytesMax", eventBytesMax, 1024, EVENT_BYTES_CEILING);
        Settings.requireRange("frameBytesMax", frameBytesMax, 1024, FRAME_BYTES_CEILING);
        Settings.requireRange("errorBodyBytesMax", errorBodyBytesMax, 1, 16 * MEBIBYTE);
        Settings.requireRange("idsRememberedMax", idsRememberedMax, 1, 10_000_000);
        Settings.requireRange("backlogStreamsMax", backlogStreamsMax, 1, 10_000_000);
        Settings.requireRange("takeoversMax", takeoversMax, 1, 1024);
        requireNonNull(response, "response");
    }

    /** Room for ten thousand streams and for a whole generated image in one event. */
    public static IngestLimits defaults() {
        return new IngestLimits(
                10_000,
                24 * MEBIBYTE,
                16 * MEBIBYTE,
                64 * 1024,
                10_000,
                10_000,
                4,
                ResponseLimits.defaults());
    }
}
