package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * One event of a script, encoded only when it is sent: the events of a long answer would be large,
 * their parts are shared. Immutable.
 *
 * @param type the event's type
 * @param token whether it brings a token, and is therefore waited for
 * @param fields adds what stands beside {@code type} and {@code sequence_number}
 */
record Step(String type, boolean token, Consumer<ObjectNode> fields) {

    /** The event's JSON. */
    ObjectNode json(long sequenceNumber) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("type", type).put("sequence_number", sequenceNumber);
        fields.accept(json);
        return json;
    }

    /** The event as an SSE frame, the way OpenAI writes it. */
    Frame frame(long sequenceNumber) {
        return new Frame(
                token,
                () ->
                        ("event: " + type + "\ndata: " + json(sequenceNumber) + "\n\n")
                                .getBytes(StandardCharsets.UTF_8));
    }
}
