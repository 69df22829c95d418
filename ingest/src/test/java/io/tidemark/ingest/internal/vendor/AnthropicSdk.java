package io.tidemark.ingest.internal.vendor;

import com.anthropic.core.ObjectMappers;
import com.anthropic.helpers.BetaMessageAccumulator;
import com.anthropic.models.beta.messages.BetaRawMessageStreamEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Anthropic's Java SDK as a reader of Messages streams; its beta reads all that the other does. */
final class AnthropicSdk {
    private AnthropicSdk() {}

    /**
     * What the SDK makes of a stream.
     *
     * @param events the data of its events
     */
    static VendorAnswer read(List<String> events) throws JsonProcessingException {
        var mapper = ObjectMappers.jsonMapper();
        var accumulator = BetaMessageAccumulator.create();
        for (var event : events) {
            if (!ignored(event)) {
                accumulator.accumulate(mapper.readValue(event, BetaRawMessageStreamEvent.class));
            }
        }
        return answer(mapper.valueToTree(accumulator.message()));
    }

    /* Its transport drops what has one of these for a name, or none. */
    private static boolean ignored(String event) {
        return ProviderJson.object(event)
                .map(json -> json.path("type").asText())
                .filter(type -> !type.equals("ping"))
                .isEmpty();
    }

    private static VendorAnswer answer(JsonNode message) {
        return new VendorAnswer(
                VendorAnswer.elements(message.path("content"))
                        .filter(block -> block.path("type").asText().equals("text"))
                        .map(block -> block.path("text").asText())
                        .collect(Collectors.joining()),
                "",
                VendorAnswer.elements(message.path("content"))
                        .filter(block -> block.path("type").asText().endsWith("tool_use"))
                        .map(AnthropicSdk::call)
                        .toList(),
                message.path("stop_reason").asText(),
                usage(message.path("usage")));
    }

    private static VendorAnswer.Call call(JsonNode block) {
        return new VendorAnswer.Call(
                ProviderJson.word(block, "id"),
                block.path("name").asText(),
                ProviderJson.value(block.path("input").toString()).orElseThrow());
    }

    private static Map<String, Long> usage(JsonNode usage) {
        var figures = new TreeMap<String, Long>();
        var written = ProviderJson.count(usage, "cache_creation_input_tokens");
        var read = ProviderJson.count(usage, "cache_read_input_tokens");
        put(figures, "cacheWrite", written);
        put(figures, "cachedInput", read);
        put(figures, "output", ProviderJson.count(usage, "output_tokens"));
        put(
                figures,
                "reasoning",
                ProviderJson.count(usage.path("output_tokens_details"), "thinking_tokens"));
        var input = ProviderJson.count(usage, "input_tokens");
        if (input != null) {
            figures.put("input", input + orZero(written) + orZero(read));
        }
        return figures;
    }

    private static void put(Map<String, Long> figures, String name, @Nullable Long value) {
        if (value != null) {
            figures.put(name, value);
        }
    }

    private static long orZero(@Nullable Long value) {
        return value == null ? 0 : value;
    }
}
