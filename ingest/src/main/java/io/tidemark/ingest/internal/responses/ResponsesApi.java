package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NeutralRequest;
import io.tidemark.ingest.internal.Normaliser;
import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.Preparation;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.Preparation.Refused;
import io.tidemark.ingest.internal.ProviderApi;

import org.jspecify.annotations.Nullable;

/** OpenAI's Responses API, as spoken by OpenAI and the servers compatible with it. Immutable. */
public final class ResponsesApi implements ProviderApi {
    /** The name of this dialect. */
    public static final String NAME = "openai.responses";

    private static final String PATH = "/responses";

    @Override
    public String name() {
        return NAME;
    }

    /**
     * Adds {@code stream} and, unless the caller chose otherwise, turns off {@code obfuscation}:
     * padding that costs bandwidth and would be dropped anyway. A caller whose provider knows no
     * {@code stream_options} says so with a null there; then it is left out.
     */
    @Override
    public Preparation prepare(@Nullable JsonNode request) {
        if (!(request instanceof ObjectNode caller)) {
            return new Refused("request", "must be a JSON object");
        }
        var model = caller.path("model");
        if (!model.isTextual() || model.textValue().isBlank()) {
            return new Refused("request.model", "must be a non-empty string");
        }
        var options = caller.path("stream_options");
        if (!options.isMissingNode() && !options.isNull() && !options.isObject()) {
            return new Refused("request.stream_options", "must be an object");
        }
        var body = caller.deepCopy();
        body.put("stream", true);
        if (options.isNull()) {
            body.remove("stream_options");
        } else {
            turnOffObfuscation(body.withObject("/stream_options"));
        }
        return new Prepared(PATH, model.textValue(), body);
    }

    private static void turnOffObfuscation(ObjectNode streamOptions) {
        if (!streamOptions.has("include_obfuscation")) {
            streamOptions.put("include_obfuscation", false);
        }
    }

    @Override
    public ObjectNode translate(NeutralRequest request) {
        return ResponsesTranslation.body(request);
    }

    @Override
    public Normaliser normaliser(NormaliserContext context) {
        return ResponsesDialect.normaliser(context);
    }
}
