package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;

/**
 * What came of preparing a request: {@link Prepared}, which can be sent, or {@link Refused}, which
 * would be refused by any provider of that API and is not sent at all.
 *
 * <pre>{@code
 * switch (api.prepare(request)) {
 *     case Preparation.Prepared(var path, var model, var body, var headers) -> ...
 *     case Preparation.Refused(var field, var message) -> ...
 * }
 * }</pre>
 */
public sealed interface Preparation {
    /**
     * A request that can be sent.
     *
     * @param path where below the provider's base URL it goes
     * @param model model asked for
     * @param body the body to send, the caller's with what streaming needs
     * @param headers what this API asks for beside the usual, such as its version; configured
     *     headers of the same names win
     */
    record Prepared(RequestPath path, String model, RequestBody body, Map<String, String> headers)
            implements Preparation, Outgoing {
        public Prepared {
            requireNonNull(path, "path");
            requireNonNull(model, "model");
            requireNonNull(body, "body");
            headers = Map.copyOf(headers);
        }

        /** A request without headers of its own. */
        public Prepared(RequestPath path, String model, RequestBody body) {
            this(path, model, body, Map.of());
        }

        /** A JSON request of an API whose base URL names its version. */
        public Prepared(String path, String model, ObjectNode body, Map<String, String> headers) {
            this(RequestPath.of(path), model, new RequestBody.Json(body), headers);
        }

        /** The same without headers of its own. */
        public Prepared(String path, String model, ObjectNode body) {
            this(path, model, body, Map.of());
        }
    }

    /**
     * A request that cannot be sent.
     *
     * @param field dotted path of the field that is wrong, from {@code request}
     * @param message what is wrong with it, for the caller; quotes no contents
     */
    record Refused(String field, String message) implements Preparation {
        public Refused {
            requireNonNull(field, "field");
            requireNonNull(message, "message");
        }
    }
}
