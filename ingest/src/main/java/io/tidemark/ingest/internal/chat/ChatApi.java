package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NeutralRequest;
import io.tidemark.ingest.internal.Normaliser;
import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.Preparation;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderApi;
import io.tidemark.ingest.internal.RequestRules;
import io.tidemark.ingest.internal.RequestRules.Rule;
import io.tidemark.ingest.internal.StreamOptions;

import org.jspecify.annotations.Nullable;

/** Chat Completions, as spoken by OpenAI and the servers compatible with it. Immutable. */
public final class ChatApi implements ProviderApi {
    /** The name of this dialect. */
    public static final String NAME = "openai.chat";

    private static final String PATH = "/chat/completions";
    private static final RequestRules RULES =
            RequestRules.of(Rule.nonEmptyArray("messages"), StreamOptions.RULE);

    @Override
    public String name() {
        return NAME;
    }

    /**
     * Adds {@code stream} and, unless the caller chose otherwise, asks for {@code usage}, which is
     * not sent unasked.
     */
    @Override
    public Preparation prepare(@Nullable JsonNode request) {
        return RULES.prepare(
                request,
                (model, body) -> {
                    StreamOptions.askForStream(body, "include_usage", true);
                    return new Prepared(PATH, model, body);
                });
    }

    @Override
    public ObjectNode translate(NeutralRequest request) {
        return ChatTranslation.body(request);
    }

    @Override
    public Normaliser normaliser(NormaliserContext context) {
        return ChatDialect.normaliser(context);
    }
}
