package io.tidemark.ingest.internal.chat;

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

/** Chat Completions, as spoken by OpenAI and the servers compatible with it. Immutable. */
public final class ChatApi implements ProviderApi {
    /** The name of this dialect. */
    public static final String NAME = "openai.chat";

    private static final String PATH = "/chat/completions";

    @Override
    public String name() {
        return NAME;
    }

    /**
     * Adds {@code stream} and, unless the caller chose otherwise, asks for {@code usage}, which is
     * not sent unasked. A caller whose provider knows no {@code stream_options} says so with a null
     * there; then it is left out.
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
        var messages = caller.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            return new Refused("request.messages", "must be a non-empty array");
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
            askForUsage(body.withObject("/stream_options"));
        }
        return new Prepared(PATH, model.textValue(), body);
    }

    private static void askForUsage(ObjectNode streamOptions) {
        if (!streamOptions.has("include_usage")) {
            streamOptions.put("include_usage", true);
        }
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
