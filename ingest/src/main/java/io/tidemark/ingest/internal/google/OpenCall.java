package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.Unicode;
import io.tidemark.ingest.internal.output.OutputItem;
import io.tidemark.ingest.internal.output.ProtocolViolation;

import org.jspecify.annotations.Nullable;

/** A call of which not all arguments have come. Confined to one thread. */
final class OpenCall {
    private final LiveGeneration live;
    private final OutputItem item;
    private final String name;
    private final String id;
    private final Arguments arguments;
    private @Nullable String signature;

    OpenCall(LiveGeneration live, OutputItem item, String name, String id) {
        this.live = live;
        this.item = item;
        this.name = name;
        this.id = id;
        this.arguments = new Arguments(live.allowance());
    }

    OutputItem item() {
        return item;
    }

    String name() {
        return name;
    }

    String id() {
        return id;
    }

    @Nullable String signature() {
        return signature;
    }

    void sign(@Nullable String word) {
        signature = live.signatures().newer(signature, word);
    }

    /** Whether every value that was begun is whole, and there are values. */
    boolean whole() {
        return arguments.whole();
    }

    /** What a part brings: arguments as they are, or values each with its place among them. */
    void add(JsonNode part) {
        if (part.path("args") instanceof ObjectNode stated) {
            arguments.state(stated);
        }
        part.path("partialArgs").forEach(this::addValue);
    }

    private void addValue(JsonNode partial) {
        var path = ProviderJson.word(partial, "jsonPath");
        if (path == null) {
            throw new ProtocolViolation("The provider sent an argument without its path.");
        }
        boolean more = partial.path("willContinue").asBoolean();
        if (partial.path("stringValue").isTextual()) {
            var piece = Unicode.wellFormed(partial.path("stringValue").textValue());
            arguments.append(path, piece, more);
            live.writer().deltaAt(item, path, piece);
            return;
        }
        for (var field : partial.properties()) {
            if (field.getKey().endsWith("Value")) {
                var value = value(field.getKey(), field.getValue());
                arguments.put(path, value, more);
                live.writer().deltaAt(item, path, Unicode.wellFormed(ProviderJson.text(value)));
            }
        }
    }

    /* JSON's null comes as the one word of an enumeration. */
    private static JsonNode value(String field, JsonNode value) {
        return field.equals("nullValue") ? ProviderJson.newObject().nullNode() : value;
    }

    /** All arguments as JSON. */
    String input() {
        return ProviderJson.text(arguments.take());
    }

    /** What it holds is kept no longer, now that it is sent or given up. */
    void discard() {
        arguments.discard();
        live.signatures().free(signature);
    }
}
