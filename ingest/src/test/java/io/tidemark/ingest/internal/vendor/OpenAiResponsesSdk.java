package io.tidemark.ingest.internal.vendor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.openai.core.ObjectMappers;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.ResponseStreamEvent;

import io.tidemark.ingest.internal.ProviderJson;

import java.util.List;
import java.util.stream.Collectors;

/** OpenAI's Java SDK as a reader of Responses streams. */
final class OpenAiResponsesSdk {
    private OpenAiResponsesSdk() {}

    /**
     * What the SDK makes of a stream: the items that its end states, or, where it states none,
     * those that the SDK has put together on the way.
     *
     * @param events the data of its events
     */
    static VendorAnswer read(List<String> events) throws JsonProcessingException {
        var mapper = ObjectMappers.jsonMapper();
        var accumulator = ResponseAccumulator.createWithSnapshots();
        JsonNode soFar = ProviderJson.newObject();
        for (var event : events) {
            if (ProviderJson.object(event).isPresent()) {
                if (ends(event)) {
                    soFar = mapper.valueToTree(accumulator.snapshot().orElse(null));
                }
                accumulator.accumulate(mapper.readValue(event, ResponseStreamEvent.class));
            }
        }
        JsonNode response = mapper.valueToTree(accumulator.response());
        var stated = response.path("output");
        return answer(response, stated.isEmpty() ? soFar.path("output") : stated);
    }

    private static boolean ends(String event) {
        return ProviderJson.object(event)
                .map(json -> json.path("type").asText())
                .filter(List.of("response.completed", "response.incomplete")::contains)
                .isPresent();
    }

    private static VendorAnswer answer(JsonNode response, JsonNode output) {
        var reason = response.path("incomplete_details").path("reason");
        return new VendorAnswer(
                parts(output, "output_text", "text"),
                parts(output, "refusal", "refusal"),
                VendorAnswer.elements(output)
                        .filter(item -> called(item.path("type").asText()))
                        .map(OpenAiResponsesSdk::call)
                        .toList(),
                reason.isTextual() ? reason.textValue() : response.path("status").asText(),
                OpenAiUsage.figures(response.path("usage"), "input_tokens", "output_tokens"));
    }

    private static boolean called(String type) {
        return List.of("function_call", "custom_tool_call", "mcp_call").contains(type);
    }

    private static VendorAnswer.Call call(JsonNode item) {
        var id = ProviderJson.word(item, "call_id");
        var input = ProviderJson.string(item, "input");
        return VendorAnswer.Call.of(
                id == null ? ProviderJson.word(item, "id") : id,
                item.path("name").asText(),
                input == null ? item.path("arguments").asText() : input);
    }

    private static String parts(JsonNode output, String type, String field) {
        return VendorAnswer.elements(output)
                .flatMap(item -> VendorAnswer.elements(item.path("content")))
                .filter(part -> part.path("type").asText().equals(type))
                .map(part -> part.path(field).asText())
                .collect(Collectors.joining());
    }
}
