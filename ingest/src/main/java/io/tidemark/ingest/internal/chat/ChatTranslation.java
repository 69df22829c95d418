package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NeutralRequest;
import io.tidemark.ingest.internal.NeutralRequest.Message;
import io.tidemark.ingest.internal.NeutralRequest.Part;
import io.tidemark.ingest.internal.NeutralRequest.Role;
import io.tidemark.ingest.internal.NeutralRequest.Tool;
import io.tidemark.ingest.internal.ProviderJson;

import java.util.Locale;

/**
 * A neutral request as the body of a Chat Completions request, in the words that the most servers
 * know: {@code max_tokens}, and text as a string rather than as parts where it is nothing else.
 * Stateless.
 */
final class ChatTranslation {
    private ChatTranslation() {}

    static ObjectNode body(NeutralRequest request) {
        var body = ProviderJson.newObject().put("model", request.model());
        var messages = body.putArray("messages");
        request.messages().forEach(message -> add(messages, message));
        if (request.maxOutputTokens() != null) {
            body.put("max_tokens", request.maxOutputTokens());
        }
        if (request.temperature() != null) {
            body.put("temperature", request.temperature());
        }
        if (!request.tools().isEmpty()) {
            var tools = body.putArray("tools");
            request.tools().forEach(tool -> add(tools, tool));
        }
        return body;
    }

    private static void add(ArrayNode messages, Message message) {
        var turn = messages.addObject().put("role", message.role().name().toLowerCase(Locale.ROOT));
        if (message.role() == Role.TOOL) {
            turn.put("tool_call_id", message.answeredCall());
        }
        if (message.parts().isEmpty()) {
            turn.putNull("content");
        } else if (message.plain()) {
            turn.put("content", message.text());
        } else {
            var content = turn.putArray("content");
            message.parts().forEach(part -> add(content, part));
        }
        for (var call : message.calls()) {
            turn.withArray("tool_calls")
                    .addObject()
                    .put("id", call.callId())
                    .put("type", "function")
                    .putObject("function")
                    .put("name", call.name())
                    .put("arguments", call.input());
        }
    }

    private static void add(ArrayNode content, Part part) {
        switch (part) {
            case Part.Text(var text) -> content.addObject().put("type", "text").put("text", text);
            case Part.ImageUrl(var url) -> image(content, url);
            case Part.ImageData data -> image(content, data.dataUrl());
        }
    }

    private static void image(ArrayNode content, String url) {
        content.addObject().put("type", "image_url").putObject("image_url").put("url", url);
    }

    private static void add(ArrayNode tools, Tool tool) {
        var function =
                tools.addObject()
                        .put("type", "function")
                        .putObject("function")
                        .put("name", tool.name());
        if (tool.description() != null) {
            function.put("description", tool.description());
        }
        function.set("parameters", tool.parameters());
    }
}
