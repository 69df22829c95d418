package io.tidemark.ingest.internal.output;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.ReportBody.ProviderEvent;
import io.tidemark.schemas.ReportBody.Reason;

/** Passes on, verbatim and once a frame, what no event of ours can hold. */
public final class Unmapped {
    /** Longest frame passed on verbatim, in characters of JSON. */
    public static final int DATA_CHARS_MAX = 256 * 1024;

    private final String provider;
    private final Outbox out;
    private boolean passedOn;

    public Unmapped(String provider, Outbox out) {
        this.provider = provider;
        this.out = out;
    }

    /** What is passed on from here is another frame than before. */
    public void nextFrame() {
        passedOn = false;
    }

    /**
     * An event of a type that has no meaning here.
     *
     * @param chars how long the frame was
     */
    public void type(String type, JsonNode frame, int chars) {
        add(Placement.NONE, type, frame, chars, Reason.UNKNOWN_TYPE);
    }

    /**
     * A known event that holds something which has no meaning here.
     *
     * @param chars how long the frame was
     */
    public void variant(Placement placement, String type, JsonNode frame, int chars) {
        add(placement, type, frame, chars, Reason.UNMAPPED_VARIANT);
    }

    private void add(Placement placement, String type, JsonNode frame, int chars, Reason reason) {
        if (passedOn) {
            return;
        }
        passedOn = true;
        out.add(placement, new ProviderEvent(provider, type, reason, data(frame, chars), null));
    }

    /* There is no store yet that a dataRef could point into, so a frame too large leaves its size. */
    private static JsonNode data(JsonNode frame, int chars) {
        if (chars <= DATA_CHARS_MAX) {
            return frame;
        }
        return ProviderJson.newObject()
                .put("omitted", "too large")
                .put("chars", chars)
                .put("charsMax", DATA_CHARS_MAX);
    }
}
