package io.tidemark.ingest.internal.vendor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.core.ObjectMappers;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletionChunk;

import io.tidemark.ingest.internal.ProviderJson;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * OpenAI's Java SDK as a reader of chat completions. It takes a finish reason for the end of its
 * choice and usage for the end of all, since OpenAI says them last; of what other servers say the
 * SDK is given these last as well. Confined to one thread.
 */
final class OpenAiChatSdk {
    private static final String CHOICES = "choices";
    private static final String FINISH_REASON = "finish_reason";
    private static final String INDEX = "index";
    private static final String USAGE = "usage";

    private final List<ObjectNode> chunks = new ArrayList<>();
    private final TreeMap<Integer, ObjectNode> ends = new TreeMap<>();
    private @Nullable ObjectNode usage;

    private OpenAiChatSdk() {}

    /**
     * What the SDK makes of a stream.
     *
     * @param events the data of its events
     */
    static VendorAnswer read(List<String> events) throws JsonProcessingException {
        var mapper = ObjectMappers.jsonMapper();
        var accumulator = ChatCompletionAccumulator.create();
        for (var chunk : reordered(events)) {
            accumulator.accumulate(mapper.readValue(chunk.toString(), ChatCompletionChunk.class));
        }
        return answer(mapper.valueToTree(accumulator.chatCompletion()));
    }

    private static List<ObjectNode> reordered(List<String> events) {
        var stream = new OpenAiChatSdk();
        events.forEach(event -> ProviderJson.object(event).ifPresent(stream::add));
        stream.chunks.addAll(stream.ends.values());
        if (stream.usage != null) {
            stream.chunks.add(stream.usage);
        }
        return stream.chunks;
    }

    private void add(ObjectNode chunk) {
        if (chunk.path(USAGE).isObject()) {
            usage = chunk.deepCopy();
            usage.putArray(CHOICES);
        }
        chunk.remove(USAGE);
        for (var choice : chunk.path(CHOICES)) {
            if (choice instanceof ObjectNode stated && stated.path(FINISH_REASON).isTextual()) {
                ends.put(stated.path(INDEX).asInt(), end(chunk, stated));
                stated.putNull(FINISH_REASON);
            }
        }
        if (!chunk.path(CHOICES).isEmpty()) {
            chunks.add(chunk);
        }
    }

    /* A chunk that says why the choice ended and nothing else. */
    private static ObjectNode end(ObjectNode chunk, ObjectNode choice) {
        var end = chunk.deepCopy();
        var ended = end.putArray(CHOICES).addObject();
        ended.set(INDEX, choice.path(INDEX));
        ended.set(FINISH_REASON, choice.path(FINISH_REASON));
        ended.putObject("delta");
        return end;
    }

    private static VendorAnswer answer(JsonNode completion) {
        var choices = VendorAnswer.elements(completion.path(CHOICES)).toList();
        return new VendorAnswer(
                text(choices, "content"),
                text(choices, "refusal"),
                choices.stream()
                        .map(choice -> choice.path("message").path("tool_calls"))
                        .flatMap(VendorAnswer::elements)
                        .map(OpenAiChatSdk::call)
                        .toList(),
                completion.at("/choices/0/finish_reason").asText(),
                OpenAiUsage.figures(completion.path(USAGE), "prompt_tokens", "completion_tokens"));
    }

    private static String text(List<JsonNode> choices, String field) {
        return choices.stream()
                .map(choice -> choice.path("message").path(field))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .collect(Collectors.joining());
    }

    private static VendorAnswer.Call call(JsonNode call) {
        return VendorAnswer.Call.of(
                ProviderJson.word(call, "id"),
                call.at("/function/name").asText(),
                call.at("/function/arguments").asText());
    }
}
