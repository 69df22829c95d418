package io.tidemark.edge.internal.live;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

/**
 * One event made of the deltas of one lane ({@code docs/protocol.md}, section 9.12), as long as it
 * is gathered. One delta alone stays as it is, byte for byte. Confined to the reader's loop.
 */
final class Merge {
    /** Most bytes of the frames of the deltas in it; a larger one is not merged at all. */
    static final int BYTES_MAX = 64 * 1_024;

    private final Delta first;
    private final StringBuilder text = new StringBuilder();
    private final ObjectNode varying = JsonNodeFactory.instance.objectNode();
    private @Nullable ArrayNode logprobs;
    private Delta last;
    private long bytes;
    private int count;

    Merge(Delta first) {
        this.first = first;
        this.last = first;
        Delta.COVERED.forEach(name -> copy(first, name));
        Delta.LABELS.forEach(name -> copy(first, name));
        append(first);
    }

    private void copy(Delta delta, String name) {
        var value = delta.json().get(name);
        if (value != null) {
            varying.set(name, value);
        }
    }

    /** Whether a delta may be added: it goes on where this ends, and there is room. */
    boolean takes(Delta delta) {
        return bytes + delta.frame().size() <= BYTES_MAX && first.same().equals(delta.same());
    }

    void add(Delta delta) {
        last = delta;
        for (var name : Delta.COVERED) {
            if (delta.json().path(name).asLong(-1) > varying.path(name).asLong(-1)) {
                copy(delta, name);
            }
        }
        for (var name : Delta.LABELS) {
            if (!delta.json().path(name).equals(varying.path(name))) {
                varying.remove(name);
            }
        }
        append(delta);
    }

    private void append(Delta delta) {
        text.append(delta.json().path(Delta.TEXT).textValue());
        bytes += delta.frame().size();
        count++;
        if (delta.json().get(Delta.LOGPROBS) instanceof ArrayNode more) {
            logprobs = logprobs == null ? JsonNodeFactory.instance.arrayNode() : logprobs;
            logprobs.addAll(more);
        }
    }

    /** What is written for it. */
    Frame frame() {
        return count == 1
                ? first.frame()
                : FrameEncoder.merged(last.frame(), first.frame().type(), Delta.bytes(json()));
    }

    private ObjectNode json() {
        var json = JsonNodeFactory.instance.objectNode();
        for (var field : first.json().properties()) {
            var value = value(field.getKey(), field.getValue());
            if (value != null) {
                json.set(field.getKey(), value);
            }
            if (field.getKey().equals(Delta.SEQUENCE)) {
                json.set("firstSequence", field.getValue());
            }
        }
        for (var name : Delta.COVERED) {
            if (varying.has(name)) {
                json.set(name, requireNonNull(varying.get(name)));
            }
        }
        if (logprobs != null) {
            json.set(Delta.LOGPROBS, logprobs);
        }
        return json;
    }

    private @Nullable JsonNode value(String name, JsonNode first) {
        if (name.equals(Delta.TEXT)) {
            return JsonNodeFactory.instance.textNode(text.toString());
        }
        if (name.equals(Delta.SEQUENCE)) {
            return JsonNodeFactory.instance.numberNode(last.frame().sequence());
        }
        return Delta.LABELS.contains(name) ? varying.get(name) : first;
    }
}
