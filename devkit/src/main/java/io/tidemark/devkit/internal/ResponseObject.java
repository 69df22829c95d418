package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;

/**
 * The {@code response} object as it stands in the first two events and the last. What the request
 * set is echoed, the rest has the API's defaults. Immutable, as long as nobody changes the JSON.
 *
 * @param id the response's id
 * @param createdAt when it was made
 * @param request what asked for it
 */
record ResponseObject(String id, Instant createdAt, ModelRequest request) {

    private static final List<String> ECHOED =
            List.of(
                    "background",
                    "instructions",
                    "max_output_tokens",
                    "metadata",
                    "parallel_tool_calls",
                    "previous_response_id",
                    "prompt_cache_key",
                    "reasoning",
                    "safety_identifier",
                    "store",
                    "temperature",
                    "text",
                    "tool_choice",
                    "tools",
                    "top_p",
                    "truncation",
                    "user");

    private static final List<String> ENDED = List.of("completed", "incomplete", "failed");

    /** Whether it is generated whoever listens. */
    boolean background() {
        return request.json().path("background").asBoolean();
    }

    /** The response in a state, with no output and no usage yet. */
    ObjectNode json(String status) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("id", id).put("object", "response").put("created_at", createdAt.getEpochSecond());
        json.put("status", status).put("background", false);
        json.putNull("error").putNull("incomplete_details").putNull("instructions");
        json.putNull("max_output_tokens").putNull("max_tool_calls").put("model", request.model());
        json.putArray("output");
        json.put("parallel_tool_calls", true).putNull("previous_response_id");
        json.putNull("prompt_cache_key");
        json.putObject("reasoning").putNull("effort").putNull("summary");
        json.putNull("safety_identifier");
        json.put("service_tier", ENDED.contains(status) ? "default" : "auto");
        json.put("store", true).put("temperature", 1.0);
        json.putObject("text").put("verbosity", "medium").putObject("format").put("type", "text");
        json.put("tool_choice", "auto").putArray("tools");
        json.put("top_logprobs", 0).put("top_p", 1.0).put("truncation", "disabled");
        json.putNull("usage").putNull("user").putObject("metadata");
        for (var field : ECHOED) {
            if (request.json().hasNonNull(field)) {
                json.set(field, request.json().get(field));
            }
        }
        return json;
    }

    /** The response at its end. */
    ObjectNode json(String status, ArrayNode output) {
        var json = json(status);
        json.set("output", output);
        return json;
    }
}
