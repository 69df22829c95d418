package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NeutralRequest;
import io.tidemark.ingest.internal.Normaliser;
import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.Preparation;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.Preparation.Refused;
import io.tidemark.ingest.internal.ProviderApi;
import io.tidemark.ingest.internal.RequestBody;

import org.jspecify.annotations.Nullable;

/**
 * Google's {@code streamGenerateContent}, of the Gemini API and of Vertex AI. The native body has
 * no {@code model}, which stands in the path: callers put it into the body all the same, as with
 * any other API, and it is taken out. Immutable.
 */
public final class GenerateApi implements ProviderApi {
    /** The name of this dialect. */
    public static final String NAME = "google.generate";

    private static final KeyHeader KEY = new KeyHeader("x-goog-api-key", "");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public KeyHeader keyHeader() {
        return KEY;
    }

    /** Moves {@code model} into the path, which also asks for a stream. */
    @Override
    public Preparation prepare(@Nullable JsonNode request) {
        if (!(request instanceof ObjectNode caller)) {
            return new Refused("request", "must be a JSON object");
        }
        var model = caller.path("model");
        if (!model.isTextual() || model.textValue().isBlank()) {
            return new Refused("request.model", "must be a non-empty string");
        }
        var path = ModelPath.of(model.textValue());
        if (path == null) {
            return new Refused(
                    "request.model",
                    "must be the name of a model, without empty segments, '.' or '..'");
        }
        if (!caller.path("contents").isArray() || caller.path("contents").isEmpty()) {
            return new Refused("request.contents", "must be a non-empty array");
        }
        var body = caller.deepCopy();
        body.remove("model");
        return new Prepared(path, model.textValue(), new RequestBody.Json(body));
    }

    @Override
    public ObjectNode translate(NeutralRequest request) {
        return GenerateTranslation.body(request);
    }

    @Override
    public Normaliser normaliser(NormaliserContext context) {
        return GenerateDialect.normaliser(context);
    }
}
