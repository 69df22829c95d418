package io.tidemark.edge.internal.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.schemas.EventType;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * A delta that can be merged with others without a trace ({@code docs/protocol.md}, section 9.12):
 * it has nothing but text and log probabilities that are its own, and every other field is one that
 * this version knows. Immutable.
 *
 * @param frame the frame it came in
 * @param json the event; not to be changed
 * @param same what it must share with a delta that it is merged with; not to be changed
 */
record Delta(Frame frame, ObjectNode json, ObjectNode same) {
    static final String TEXT = "text";
    static final String LOGPROBS = "logprobs";
    static final String SEQUENCE = "sequence";

    /** Numbers of which the highest is kept: what is covered up to there. */
    static final Set<String> COVERED = Set.of("providerSequence", "sessionSequence");

    /** Labels of one provider's event, which are left out where they differ. */
    static final Set<String> LABELS = Set.of("providerEventId", "providerPart");

    private static final Set<String> TYPES =
            Set.of(
                    EventType.TEXT_DELTA.wire(),
                    EventType.REASONING_DELTA.wire(),
                    EventType.REFUSAL_DELTA.wire(),
                    EventType.TRANSCRIPT_DELTA.wire(),
                    EventType.TOOL_DELTA.wire());
    private static final Set<String> OWN = Set.of(TEXT, LOGPROBS, SEQUENCE, "at");
    private static final Set<String> SHARED =
            Set.of(
                    "schemaVersion",
                    "type",
                    "requestId",
                    "outputIndex",
                    "contentIndex",
                    "choiceIndex",
                    "itemId",
                    "agent",
                    "sessionId",
                    "providerType",
                    "form",
                    "role",
                    "segmentId",
                    "speaker",
                    "language",
                    "callId",
                    "inputKind");

    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(Integer.MAX_VALUE)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    /** The delta in a frame; empty if there is none that could be merged with any other. */
    static Optional<Delta> in(Frame frame) {
        if (frame.kind() != Frame.Kind.EVENT
                || frame.size() > Merge.BYTES_MAX
                || !TYPES.contains(frame.type())) {
            return Optional.empty();
        }
        return Optional.ofNullable(object(frame)).map(json -> of(frame, json));
    }

    private static @Nullable ObjectNode object(Frame frame) {
        try {
            return MAPPER.readTree(frame.data()) instanceof ObjectNode json ? json : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable Delta of(Frame frame, ObjectNode json) {
        var same = MAPPER.createObjectNode();
        for (var field : json.properties()) {
            var name = field.getKey();
            if (SHARED.contains(name)) {
                same.set(name, field.getValue());
            } else if (!OWN.contains(name) && !COVERED.contains(name) && !LABELS.contains(name)) {
                return null;
            }
        }
        return sound(frame, json) ? new Delta(frame, json, same) : null;
    }

    private static boolean sound(Frame frame, ObjectNode json) {
        var text = json.path(TEXT);
        var logprobs = json.path(LOGPROBS);
        return text.isTextual()
                && wellFormed(text.textValue())
                && (logprobs.isMissingNode() || logprobs.isArray())
                && json.path(SEQUENCE).isIntegralNumber()
                && json.path(SEQUENCE).longValue() == frame.sequence()
                && COVERED.stream().map(json::path).allMatch(Delta::numberOrMissing)
                /* A piece may be the JSON of a value, which is no text to be gone on with. */
                && !json.path("inputKind").asText("").equals("json_path");
    }

    private static boolean numberOrMissing(JsonNode node) {
        return node.isMissingNode() || (node.isIntegralNumber() && node.canConvertToLong());
    }

    /* Half a surrogate pair cannot be written in UTF-8. */
    private static boolean wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    /** The bytes of an object. */
    static byte[] bytes(ObjectNode json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new IllegalStateException("what was read cannot be written", e);
        }
    }

    @Override
    public String toString() {
        return "Delta[frame=" + frame + "]";
    }
}
