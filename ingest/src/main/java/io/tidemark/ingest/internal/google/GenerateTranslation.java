package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NeutralRequest;
import io.tidemark.ingest.internal.NeutralRequest.Message;
import io.tidemark.ingest.internal.NeutralRequest.Part;
import io.tidemark.ingest.internal.NeutralRequest.Role;
import io.tidemark.ingest.internal.NeutralRequest.Tool;
import io.tidemark.ingest.internal.ProviderJson;

import java.util.HashMap;
import java.util.Map;

/**
 * A neutral request as the body of a generateContent request. This API refers to calls by the name
 * of their function, so that the names of the calls made before are kept. Confined to one thread.
 */
final class GenerateTranslation {
    private final Map<String, String> namesByCall = new HashMap<>();

    private GenerateTranslation() {}

    static ObjectNode body(NeutralRequest request) {
        return new GenerateTranslation().translated(request);
    }

    private ObjectNode translated(NeutralRequest request) {
        var body = ProviderJson.newObject().put("model", request.model());
        var system = request.system();
        if (!system.isEmpty()) {
            body.putObject("systemInstruction").putArray("parts").addObject().put("text", system);
        }
        var contents = body.putArray("contents");
        request.conversation().forEach(message -> add(contents, message));
        var config = ProviderJson.newObject();
        if (request.maxOutputTokens() != null) {
            config.put("maxOutputTokens", request.maxOutputTokens());
        }
        if (request.temperature() != null) {
            config.put("temperature", request.temperature());
        }
        if (!config.isEmpty()) {
            body.set("generationConfig", config);
        }
        if (!request.tools().isEmpty()) {
            var functions = body.putArray("tools").addObject().putArray("functionDeclarations");
            request.tools().forEach(tool -> add(functions, tool));
        }
        return body;
    }

    private void add(ArrayNode contents, Message message) {
        boolean ours = message.role() == Role.ASSISTANT;
        var parts = contents.addObject().put("role", ours ? "model" : "user").putArray("parts");
        if (message.role() == Role.TOOL) {
            var call = message.answeredCall();
            parts.addObject()
                    .putObject("functionResponse")
                    .put("id", call)
                    .put("name", namesByCall.getOrDefault(call, call))
                    .putObject("response")
                    .put("output", message.text());
            return;
        }
        message.parts().forEach(part -> add(parts, part));
        for (var call : message.calls()) {
            namesByCall.put(call.callId(), call.name());
            parts.addObject()
                    .putObject("functionCall")
                    .put("id", call.callId())
                    .put("name", call.name())
                    .set("args", ProviderJson.object(call.input()).orElseThrow());
        }
    }

    private static void add(ArrayNode parts, Part part) {
        switch (part) {
            case Part.Text(var text) -> parts.addObject().put("text", text);
            case Part.ImageUrl(var url) ->
                    parts.addObject().putObject("fileData").put("fileUri", url);
            case Part.ImageData(var mimeType, var base64) ->
                    parts.addObject()
                            .putObject("inlineData")
                            .put("mimeType", mimeType)
                            .put("data", base64);
        }
    }

    private static void add(ArrayNode functions, Tool tool) {
        var declared = functions.addObject().put("name", tool.name());
        if (tool.description() != null) {
            declared.put("description", tool.description());
        }
        declared.set("parametersJsonSchema", tool.parameters());
    }
}
