package io.tidemark.devkit;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Compares one recording's expectation with a folded response; a subclass knows how the oracle of
 * its API puts things. Confined to one thread.
 */
abstract class Expectation {
    final JsonNode expected;
    final JsonNode response;
    private final List<String> differences = new ArrayList<>();

    Expectation(JsonNode expected, JsonNode response) {
        this.expected = expected;
        this.response = response;
    }

    /** Compares everything that the oracle of this API speaks of. */
    abstract void compare();

    List<String> differences() {
        return List.copyOf(differences);
    }

    static String joined(JsonNode item, String type, @Nullable String form) {
        return String.join("", parts(item, type, form));
    }

    static List<String> parts(JsonNode item, String type, @Nullable String form) {
        return elements(item.path("content"))
                .filter(part -> part.path("type").asText().equals(type))
                .filter(part -> form == null || part.path("form").asText().equals(form))
                .map(part -> part.path("text").asText())
                .toList();
    }

    static List<String> strings(JsonNode array) {
        return elements(array).map(JsonNode::asText).toList();
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    void same(String what, @Nullable Object wanted, @Nullable Object found) {
        if (!Objects.equals(wanted, found)) {
            differences.add(what + ": expected " + brief(wanted) + " but was " + brief(found));
        }
    }

    private static String brief(@Nullable Object value) {
        var text = String.valueOf(value);
        return text.length() <= 120 ? text : text.substring(0, 120) + "… (" + text.length() + ")";
    }
}
