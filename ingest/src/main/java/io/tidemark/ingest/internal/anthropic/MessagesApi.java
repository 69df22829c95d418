package io.tidemark.ingest.internal.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NeutralRequest;
import io.tidemark.ingest.internal.Normaliser;
import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.Preparation;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderApi;
import io.tidemark.ingest.internal.RequestBody;
import io.tidemark.ingest.internal.RequestPath;
import io.tidemark.ingest.internal.RequestRules;
import io.tidemark.ingest.internal.RequestRules.Rule;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Anthropic's Messages API, as spoken by Anthropic and those compatible with it. Immutable. */
public final class MessagesApi implements ProviderApi {
    /** The name of this dialect. */
    public static final String NAME = "anthropic.messages";

    private static final RequestPath PATH = new RequestPath("v1", "/messages");
    private static final Map<String, String> HEADERS = Map.of("anthropic-version", "2023-06-01");
    private static final KeyHeader KEY = new KeyHeader("x-api-key", "");
    private static final RequestRules RULES =
            RequestRules.of(
                    new Rule(
                            "max_tokens",
                            MessagesApi::isPositiveInteger,
                            "must be a positive integer"),
                    Rule.nonEmptyArray("messages"));

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
        return RULES.prepare(
                request,
                (model, body) ->
                        new Prepared(
                                PATH,
                                model,
                                new RequestBody.Json(body.put("stream", true)),
                                HEADERS));
    }

    private static boolean isPositiveInteger(JsonNode value) {
        return value.isIntegralNumber() && value.bigIntegerValue().signum() > 0;
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
