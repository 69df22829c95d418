package io.tidemark.ingest.internal.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NeutralRequest;
import io.tidemark.ingest.internal.Normaliser;
import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.Preparation;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.Preparation.Refused;
import io.tidemark.ingest.internal.ProviderApi;
import io.tidemark.ingest.internal.RequestBody;
import io.tidemark.ingest.internal.RequestPath;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Anthropic's Messages API, as spoken by Anthropic and those compatible with it. Immutable. */
public final class MessagesApi implements ProviderApi {
    /** The name of this dialect. */
    public static final String NAME = "anthropic.messages";

    private static final RequestPath PATH = new RequestPath("v1", "/messages");
    private static final Map<String, String> HEADERS = Map.of("anthropic-version", "2023-06-01");
    private static final KeyHeader KEY = new KeyHeader("x-api-key", "");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public KeyHeader keyHeader() {
        return KEY;
    }

    /** Adds {@code stream}; the rest of the body is the caller's. */
    @Override
    public Preparation prepare(@Nullable JsonNode request) {
        if (!(request instanceof ObjectNode caller)) {
            return new Refused("request", "must be a JSON object");
        }
        var model = caller.path("model");
        if (!model.isTextual() || model.textValue().isBlank()) {
            return new Refused("request.model", "must be a non-empty string");
        }
        var max = caller.path("max_tokens");
        if (!max.isIntegralNumber() || max.bigIntegerValue().signum() <= 0) {
            return new Refused("request.max_tokens", "must be a positive integer");
        }
        if (!(caller.path("messages") instanceof ArrayNode messages) || messages.isEmpty()) {
            return new Refused("request.messages", "must be a non-empty array");
        }
        var body = caller.deepCopy();
        body.put("stream", true);
        return new Prepared(PATH, model.textValue(), new RequestBody.Json(body), HEADERS);
    }

    @Override
    public ObjectNode translate(NeutralRequest request) {
        return MessagesTranslation.body(request);
    }

    @Override
    public Normaliser normaliser(NormaliserContext context) {
        return MessagesDialect.normaliser(context);
    }
}
