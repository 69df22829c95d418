package io.tidemark.ingest.internal.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NeutralRequest;
import io.tidemark.ingest.internal.NeutralRequest.Message;
import io.tidemark.ingest.internal.NeutralRequest.Part;
import io.tidemark.ingest.internal.NeutralRequest.Role;
import io.tidemark.ingest.internal.NeutralRequest.Tool;
import io.tidemark.ingest.internal.ProviderJson;

/** A neutral request as the body of a Messages request. Stateless. */
final class MessagesTranslation {
    /** Most tokens of an answer where the caller leaves it open, which this API does not. */
    static final int OUTPUT_TOKENS_DEFAULT = 4096;

    private MessagesTranslation() {}

    static ObjectNode body(NeutralRequest request) {
        var max = request.maxOutputTokens();
        var body =
                ProviderJson.newObject()
                        .put("model", request.model())
                        .put("max_tokens", max == null ? OUTPUT_TOKENS_DEFAULT : max);
        var system = request.system();
        if (!system.isEmpty()) {
            body.put("system", system);
        }
        var messages = body.putArray("messages");
        request.conversation().forEach(message -> add(messages, message));
        if (request.temperature() != null) {
            body.put("temperature", request.temperature());
        }
        if (!request.tools().isEmpty()) {
            var tools = body.putArray("tools");
            request.tools().forEach(tool -> add(tools, tool));
        }
        return body;
    }

    /* What a tool answered is said by the user here. */
    private static void add(ArrayNode messages, Message message) {
        boolean ours = message.role() == Role.ASSISTANT;
        var content =
                messages.addObject().put("role", ours ? "assistant" : "user").putArray("content");
        if (message.role() == Role.TOOL) {
            content.addObject()
                    .put("type", "tool_result")
                    .put("tool_use_id", message.answeredCall())
                    .put("content", message.text());
            return;
        }
        message.parts().forEach(part -> add(content, part));
        for (var call : message.calls()) {
            content.addObject()
                    .put("type", "tool_use")
                    .put("id", call.callId())
                    .put("name", call.name())
                    .set("input", ProviderJson.object(call.input()).orElseThrow());
        }
    }

    private static void add(ArrayNode content, Part part) {
        switch (part) {
            case Part.Text(var text) -> content.addObject().put("type", "text").put("text", text);
            case Part.ImageUrl(var url) ->
                    content.addObject()
                            .put("type", "image")
                            .putObject("source")
                            .put("type", "url")
                            .put("url", url);
            case Part.ImageData(var mimeType, var base64) ->
                    content.addObject()
                            .put("type", "image")
                            .putObject("source")
                            .put("type", "base64")
                            .put("media_type", mimeType)
                            .put("data", base64);
        }
    }

    private static void add(ArrayNode tools, Tool tool) {
        var declared = tools.addObject().put("name", tool.name());
        if (tool.description() != null) {
            declared.put("description", tool.description());
        }
        declared.set("input_schema", tool.parameters());
    }
}
