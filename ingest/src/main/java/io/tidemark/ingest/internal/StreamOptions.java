package io.tidemark.ingest.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.RequestRules.Rule;

/**
 * The {@code stream_options} of OpenAI's APIs. A caller whose provider knows none says so with a
 * null there; then they are left out. Stateless.
 */
public final class StreamOptions {
    private static final String FIELD = "stream_options";

    /** What they must be. */
    public static final Rule RULE = Rule.objectIfAny(FIELD);

    private StreamOptions() {}

    /** Asks for a stream, with the option as given unless the caller chose otherwise. */
    public static void askForStream(ObjectNode body, String option, boolean value) {
        body.put("stream", true);
        if (body.path(FIELD).isNull()) {
            body.remove(FIELD);
            return;
        }
        var options = body.withObject("/" + FIELD);
        if (!options.has(option)) {
            options.put(option, value);
        }
    }
}
