package io.tidemark.ingest;

/**
 * How much of one response is held in memory while it is read; a provider that goes beyond ends its
 * stream with {@code protocol_error}. Immutable; every number is positive.
 *
 * @param itemsMax most output items of one response, all its choices together
 * @param lanesMax most lanes (text, reasoning, input of a call, ...) of one response; each keeps a
 *     running hash
 * @param callInputCharsMax most input of calls that are not sent yet, in characters
 */
public record ResponseLimits(int itemsMax, int lanesMax, int callInputCharsMax) {
    private static final int MEBI = 1024 * 1024;

    public ResponseLimits {
        Settings.requireRange("itemsMax", itemsMax, 1, 1_000_000);
        Settings.requireRange("lanesMax", lanesMax, 1, 1_000_000);
        Settings.requireRange("callInputCharsMax", callInputCharsMax, 1024, 1024 * MEBI);
    }

    /** A thousand items, eight thousand lanes, sixteen million characters of input. */
    public static ResponseLimits defaults() {
        return new ResponseLimits(1024, 8192, 16 * MEBI);
    }
}
