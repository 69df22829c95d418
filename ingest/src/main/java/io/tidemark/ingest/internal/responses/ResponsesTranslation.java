package io.tidemark.ingest.internal.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NeutralRequest;
import io.tidemark.ingest.internal.NeutralRequest.Message;
import io.tidemark.ingest.internal.NeutralRequest.Part;
import io.tidemark.ingest.internal.NeutralRequest.Role;
import io.tidemark.ingest.internal.ProviderJson;

/** A neutral request as the body of a Responses request. Stateless. */
final class ResponsesTranslation {
    private ResponsesTranslation() {}

    static ObjectNode body(NeutralRequest request) {
        var body = ProviderJson.newObject().put("model", request.model());
        var system = request.system();
        if (!system.isEmpty()) {
            body.put("instructions", system);
        }
        var input = body.putArray("input");
        request.conversation().forEach(message -> add(input, message));
        if (request.maxOutputTokens() != null) {
            body.put("max_output_tokens", request.maxOutputTokens());
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

    private static void add(ArrayNode input, Message message) {
        if (message.role() == Role.TOOL) {
            input.addObject()
                    .put("type", "function_call_output")
                    .put("call_id", message.answeredCall())
                    .put("output", message.text());
            return;
        }
        if (!message.parts().isEmpty()) {
            boolean ours = message.role() == Role.ASSISTANT;
            var content =
                    input.addObject()
                            .put("type", "message")
                            .put("role", ours ? "assistant" : "user")
                            .putArray("content");
            message.parts().forEach(part -> add(content, part, ours));
        }
        for (var call : message.calls()) {
            input.addObject()
                    .put("type", "function_call")
                    .put("call_id", call.callId())
                    .put("name", call.name())
                    .put("arguments", call.input());
        }
    }

    private static void add(ArrayNode content, Part part, boolean output) {
        switch (part) {
            case Part.Text(var text) ->
                    content.addObject()
                            .put("type", output ? "output_text" : "input_text")
                            .put("text", text);
            case Part.ImageUrl(var url) ->
                    content.addObject().put("type", "input_image").put("image_url", url);
            case Part.ImageData data ->
                    content.addObject().put("type", "input_image").put("image_url", data.dataUrl());
        }
    }

    /* Strict schemas are a promise that a neutral one cannot keep. */
    private static void add(ArrayNode tools, NeutralRequest.Tool tool) {
        var declared =
                tools.addObject()
                        .put("type", "function")
                        .put("name", tool.name())
                        .put("strict", false);
        if (tool.description() != null) {
            declared.put("description", tool.description());
        }
        declared.set("parameters", tool.parameters());
    }
}
