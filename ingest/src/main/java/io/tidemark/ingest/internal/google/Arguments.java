package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.Allowance;
import io.tidemark.ingest.internal.output.LaneState;
import io.tidemark.ingest.internal.output.ProtocolViolation;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The arguments of a call, put together from values that come with the path they belong at. Text
 * comes in pieces, which are joined once at the end: joined as they come, a long one would be
 * copied again and again. Confined to one thread.
 */
final class Arguments {
    /** What a path counts for, in characters of input, beside its length: it is held as well. */
    static final int PATH_CHARS = 256;

    private final Allowance allowance;
    private final ObjectNode stated = ProviderJson.newObject();
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Set<String> unfinished = new HashSet<>();
    private int taken;

    /** One value, which is text or is not. */
    private static final class Value {
        private final JsonPath path;
        private @Nullable StringBuilder text;
        private @Nullable JsonNode other;

        Value(JsonPath path) {
            this.path = path;
        }

        JsonNode json() {
            return other == null ? TextNode.valueOf(String.valueOf(text)) : other;
        }
    }

    Arguments(Allowance allowance) {
        this.allowance = allowance;
    }

    /**
     * Arguments as they are; those with a path of their own come on top. What is put together is a
     * copy: what the provider sent may still be passed on.
     */
    void state(ObjectNode arguments) {
        take(ProviderJson.text(arguments).length());
        stated.setAll(arguments.deepCopy());
    }

    /** A piece of the text at the path, behind those that came for it. */
    void append(String path, String piece, boolean more) {
        var value = value(path, more);
        take(piece.length());
        if (value.text == null) {
            value.text = new StringBuilder();
        }
        value.other = null;
        value.text.append(piece);
    }

    /** The value at the path; it replaces what came for it. */
    void put(String path, JsonNode json, boolean more) {
        var value = value(path, more);
        take(ProviderJson.text(json).length());
        value.text = null;
        value.other = json.deepCopy();
    }

    private Value value(String path, boolean more) {
        var known = values.get(path);
        if (known == null) {
            take(path.length() + PATH_CHARS);
            known = new Value(JsonPath.of(path));
            values.put(path, known);
        }
        if (more) {
            unfinished.add(path);
        } else {
            unfinished.remove(path);
        }
        return known;
    }

    private void take(int chars) {
        if (chars > LaneState.INPUT_CHARS_MAX - taken) {
            throw new ProtocolViolation(
                    "The provider sent a call with more than "
                            + LaneState.INPUT_CHARS_MAX
                            + " characters of arguments.");
        }
        allowance.takeInput(chars);
        taken += chars;
    }

    /** Whether there are values, and none is to be continued. */
    boolean whole() {
        return unfinished.isEmpty() && !(values.isEmpty() && stated.isEmpty());
    }

    /** All of them. */
    ObjectNode take() {
        var gaps = new JsonPath.Gaps();
        for (var value : values.values()) {
            value.path.set(stated, value.json(), gaps);
        }
        return stated;
    }

    /** Lets go of what is held. */
    void discard() {
        values.clear();
        unfinished.clear();
        allowance.freeInput(taken);
        taken = 0;
    }
}
