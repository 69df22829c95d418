package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NeutralRequest;
import io.tidemark.ingest.internal.Normaliser;
import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.Preparation;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderApi;
import io.tidemark.ingest.internal.RequestRules;
import io.tidemark.ingest.internal.Resumption;
import io.tidemark.ingest.internal.StreamOptions;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** OpenAI's Responses API, as spoken by OpenAI and the servers compatible with it. Immutable. */
public final class ResponsesApi implements ProviderApi {
    /** The name of this dialect. */
    public static final String NAME = "openai.responses";

    static final String PATH = "/responses";
    private static final RequestRules RULES = RequestRules.of(StreamOptions.RULE);

    @Override
    public String name() {
        return NAME;
    }

    /**
     * Adds {@code stream} and, unless the caller chose otherwise, turns off {@code obfuscation}:
     * padding that costs bandwidth and would be dropped anyway.
     */
    @Override
    public Preparation prepare(@Nullable JsonNode request) {
        return RULES.prepare(
                request,
                (model, body) -> {
                    StreamOptions.askForStream(body, "include_obfuscation", false);
                    return new Prepared(PATH, model, body);
                });
    }

    @Override
    public ObjectNode translate(NeutralRequest request) {
        return ResponsesTranslation.body(request);
    }

    @Override
    public Optional<Resumption> resumption(JsonNode request) {
        return BackgroundMode.of(request);
    }

    @Override
    public Normaliser normaliser(NormaliserContext context) {
        return ResponsesDialect.normaliser(context);
    }
}
