package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NeutralRequest;
import io.tidemark.ingest.internal.Normaliser;
import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.Preparation;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderApi;
import io.tidemark.ingest.internal.RequestBody;
import io.tidemark.ingest.internal.RequestRules;
import io.tidemark.ingest.internal.RequestRules.Rule;

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
    private static final RequestRules RULES =
            RequestRules.of(
                    new Rule(
                            "model",
                            model -> ModelPath.canHold(model.textValue()),
                            "must be the name of a model, without empty segments, '.' or '..'"),
                    Rule.nonEmptyArray("contents"));

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
        return RULES.prepare(
                request,
                (model, body) -> {
                    body.remove("model");
                    return new Prepared(ModelPath.of(model), model, new RequestBody.Json(body));
                });
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
