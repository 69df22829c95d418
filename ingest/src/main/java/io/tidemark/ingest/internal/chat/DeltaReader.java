package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.tidemark.ingest.internal.ProviderJson;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads a delta, or the message that stands in its place, field by field. One that holds what has
 * no meaning here is passed on verbatim, with all of its chunk. Confined to one thread.
 */
final class DeltaReader {
    /* What is said of a delta rather than in it. */
    private static final Set<String> LABELS = Set.of("role", "name", "channel", "token_id");

    /* In the order of reading: what was thought comes before what is said of it. */
    private static final Map<String, Field> FIELDS = fields();

    private final Choice choice;
    private final ChatFrame frame;
    private final Wording wording;
    private final @Nullable ArrayNode logprobs;
    private boolean reasoned;
    private boolean called;

    /**
     * @param logprobs of its text; absent where the chunk has none
     */
    DeltaReader(Choice choice, ChatFrame frame, Wording wording, @Nullable ArrayNode logprobs) {
        this.choice = choice;
        this.frame = frame;
        this.wording = wording;
        this.logprobs = logprobs;
    }

    /** Reads what one field holds; false if not all of it was understood. */
    private interface Field {
        boolean read(DeltaReader reader, JsonNode value);
    }

    private static Map<String, Field> fields() {
        var fields = new LinkedHashMap<String, Field>();
        Reasoning.TEXTS.forEach(name -> fields.put(name, DeltaReader::reasoning));
        fields.put("reasoning_details", DeltaReader::reasoningDetails);
        fields.put("thinking_blocks", DeltaReader::reasoningDetails);
        fields.put("reasoning_opaque", DeltaReader::reasoningOpaque);
        fields.put("content", DeltaReader::content);
        fields.put("refusal", DeltaReader::refusal);
        fields.put("audio", DeltaReader::audio);
        fields.put("images", DeltaReader::images);
        fields.put("tool_calls", DeltaReader::toolCalls);
        fields.put("function_call", DeltaReader::functionCall);
        fields.put("annotations", DeltaReader::annotations);
        fields.put("extra_content", DeltaReader::googleExtra);
        fields.put("provider_specific_fields", DeltaReader::liteLlmExtra);
        return fields;
    }

    /** The fields that have a meaning here. */
    static Set<String> fieldNames() {
        return FIELDS.keySet();
    }

    /** Whether a delta says anything. */
    static boolean says(JsonNode delta) {
        return delta.properties().stream()
                .anyMatch(field ->
                        !LABELS.contains(field.getKey())
                                && !ChatFrame.saysNothing(field.getValue()));
    }

    /** Reads all of it. */
    void read(JsonNode delta) {
        boolean understood = true;
        for (var field : FIELDS.entrySet()) {
            var value = delta.path(field.getKey());
            if (!ChatFrame.saysNothing(value)) {
                understood &= field.getValue().read(this, value);
            }
        }
        for (var field : delta.properties()) {
            understood &=
                    FIELDS.containsKey(field.getKey())
                            || LABELS.contains(field.getKey())
                            || ChatFrame.saysNothing(field.getValue());
        }
        if (!understood) {
            choice.chat()
                    .unmapped()
                    .variant(choice.placement(), frame.type(), frame.json(), frame.chars());
        }
    }

    private boolean reasoning(JsonNode text) {
        if (text.isTextual() && !reasoned) {
            reasoned = true;
            choice.reasoning().plain(text.textValue(), wording);
        }
        return text.isTextual();
    }

    private boolean reasoningDetails(JsonNode details) {
        return choice.reasoning().details(details, wording);
    }

    private boolean reasoningOpaque(JsonNode content) {
        choice.reasoning().encrypt(content);
        return content.isTextual();
    }

    private boolean content(JsonNode content) {
        return new ContentReader(choice, wording, logprobs).read(content);
    }

    private boolean refusal(JsonNode text) {
        if (text.isTextual()) {
            choice.message(null).refusal(text.textValue(), wording);
        }
        return text.isTextual();
    }

    private boolean audio(JsonNode audio) {
        var transcript = ProviderJson.word(audio, "transcript");
        var data = ProviderJson.word(audio, "data");
        if (transcript != null || data != null) {
            var message = choice.message(ProviderJson.word(audio, "id"));
            message.transcript(transcript == null ? "" : transcript, wording);
            message.audio(data == null ? "" : data, wording);
        }
        return audio.isObject();
    }

    private boolean images(JsonNode images) {
        boolean understood = images.isArray();
        for (var image : images) {
            understood &= choice.images().add(image, wording);
        }
        return understood;
    }

    private boolean toolCalls(JsonNode calls) {
        called = true;
        return choice.calls().read(calls, wording);
    }

    /* Beside tool_calls it is one of those, for clients that know no others. */
    private boolean functionCall(JsonNode call) {
        if (call.isObject() && !called) {
            choice.calls().readLegacy(call, wording);
        }
        return call.isObject();
    }

    private boolean annotations(JsonNode annotations) {
        boolean understood = annotations.isArray();
        for (var annotation : annotations) {
            understood &= choice.chat().sources().add(choice, annotation);
        }
        return understood;
    }

    private boolean googleExtra(JsonNode extra) {
        var signature = ProviderJson.word(extra.path("google"), "thought_signature");
        if (signature != null) {
            choice.message(null).sign(signature);
        }
        return true;
    }

    /* Mostly what stands beside it as well. */
    private boolean liteLlmExtra(JsonNode extra) {
        var blocks = extra.path("thinking_blocks");
        boolean understood = ChatFrame.saysNothing(blocks) || reasoningDetails(blocks);
        return understood
                && extra.properties().stream()
                        .filter(field -> !field.getKey().equals("thinking_blocks"))
                        .allMatch(field -> ChatFrame.saysNothing(field.getValue()));
    }
}
