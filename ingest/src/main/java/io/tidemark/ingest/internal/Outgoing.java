package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import io.tidemark.ingest.internal.Preparation.Prepared;

import java.util.Map;

/**
 * What is sent to a provider: a {@link Prepared} request for a response, or something about a
 * response that there is already.
 *
 * <pre>{@code
 * switch (outgoing) {
 *     case Prepared prepared -> ...   // POST with its body
 *     case Outgoing.Reading _ -> ...  // GET, its stream
 *     case Outgoing.Cancelling _ -> ...  // POST without a body
 * }
 * }</pre>
 */
sealed interface Outgoing permits Prepared, Outgoing.Reading, Outgoing.Cancelling {
    /** Where below the provider's base URL it goes. */
    RequestPath path();

    /** What the API asks for beside the usual; configured headers of the same names win. */
    Map<String, String> headers();

    /** To read the stream of a response again. */
    record Reading(RequestPath path, Map<String, String> headers) implements Outgoing {
        public Reading {
            requireNonNull(path, "path");
            headers = Map.copyOf(headers);
        }
    }

    /** To go no further with a response. */
    record Cancelling(RequestPath path, Map<String, String> headers) implements Outgoing {
        public Cancelling {
            requireNonNull(path, "path");
            headers = Map.copyOf(headers);
        }
    }
}
