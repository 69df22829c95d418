package io.tidemark.ingest.internal.openai;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.ReportBody.ProviderEvent;
import io.tidemark.schemas.ReportBody.Reason;

/** Passes on, verbatim and once, what no event of ours can hold. */
final class Unmapped {
    /** Longest frame passed on verbatim, in characters of JSON. */
    static final int DATA_CHARS_MAX = 256 * 1024;

    private final String provider;
    private final Outbox out;
    private boolean passedOn;

    Unmapped(String provider, Outbox out) {
        this.provider = provider;
        this.out = out;
    }

    /** What is passed on from here is another frame than before. */
    void nextFrame() {
        passedOn = false;
    }

    /** An event of a type that has no meaning here. */
    void type(ProviderFrame frame) {
        add(Placement.NONE, frame, Reason.UNKNOWN_TYPE);
    }

    /** A known event that holds something which has no meaning here. */
    void variant(Placement placement, ProviderFrame frame) {
        add(placement, frame, Reason.UNMAPPED_VARIANT);
    }

    private void add(Placement placement, ProviderFrame frame, Reason reason) {
        if (passedOn) {
            return;
        }
        passedOn = true;
        out.add(placement, new ProviderEvent(provider, frame.type(), reason, data(frame), null));
    }

    /* There is no store yet that a dataRef could point into, so a frame too large leaves its size. */
    private static JsonNode data(ProviderFrame frame) {
        if (frame.chars() <= DATA_CHARS_MAX) {
            return frame.json();
        }
        return ProviderJson.newObject()
                .put("omitted", "too large")
                .put("chars", frame.chars())
                .put("charsMax", DATA_CHARS_MAX);
    }
}
