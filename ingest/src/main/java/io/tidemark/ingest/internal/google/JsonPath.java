package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.output.ProtocolViolation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path to one place in a JSON object: the singular queries of RFC 9535, section 2.3.5, such as
 * {@code $.recipe.steps[0]['a name']}. Immutable.
 */
final class JsonPath {
    /** Longest path, in characters. */
    static final int CHARS_MAX = 4096;

    /** Most steps of one path. */
    static final int STEPS_MAX = 64;

    private static final Pattern STEP =
            Pattern.compile(
                    "\\.(?<plain>[^.\\[\\]]+)"
                            + "|\\[(?<index>[0-9]{1,6})]"
                            + "|\\['(?<single>(?:[^'\\\\]|\\\\.)*+)']"
                            + "|\\[\"(?<quoted>(?:[^\"\\\\]|\\\\.)*+)\"]");

    private final List<Step> steps;

    /** One step: to a member by its name, or to an element by its index. */
    private sealed interface Step {
        record Member(String name) implements Step {}

        record Element(int index) implements Step {}
    }

    /** How many elements stand between those that have a value, in all arrays together. */
    static final class Gaps {
        /** Most of them. */
        static final int MAX = 10_000;

        private int taken;

        private void take() {
            ProtocolViolation.requireRoom("missing elements in the arguments", taken, MAX);
            taken++;
        }
    }

    private JsonPath(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /**
     * Reads a path.
     *
     * @throws ProtocolViolation if it is none, or leads to no place in an object
     */
    static JsonPath of(String path) {
        var steps = new ArrayList<Step>();
        var step = STEP.matcher(path);
        int at = path.startsWith("$") && path.length() <= CHARS_MAX ? 1 : 0;
        while (at > 0 && at < path.length() && step.region(at, path.length()).lookingAt()) {
            ProtocolViolation.requireRoom("steps in one path", steps.size(), STEPS_MAX);
            steps.add(step(step));
            at = step.end();
        }
        boolean whole = at == path.length() && !steps.isEmpty();
        if (!whole || !(steps.getFirst() instanceof Step.Member)) {
            throw new ProtocolViolation(
                    "The provider sent an argument with a path that cannot be read.");
        }
        return new JsonPath(steps);
    }

    private static Step step(Matcher found) {
        var index = found.group("index");
        if (index != null) {
            return new Step.Element(Integer.parseInt(index));
        }
        var plain = found.group("plain");
        if (plain != null) {
            return new Step.Member(plain);
        }
        var single = found.group("single");
        return new Step.Member(unescaped(single == null ? found.group("quoted") : single));
    }

    private static String unescaped(String name) {
        var plain = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char escaped = name.charAt(++i);
            if (escaped == 'u' && i + 4 < name.length()) {
                plain.append(codeUnit(name.substring(i + 1, i + 5)));
                i += 4;
            } else {
                plain.append(character(escaped));
            }
        }
        return plain.toString();
    }

    private static char codeUnit(String hex) {
        if (!hex.matches("[0-9A-Fa-f]{4}")) {
            throw new ProtocolViolation(
                    "The provider sent an argument with a path that cannot be read.");
        }
        return (char) Integer.parseInt(hex, 16);
    }

    private static char character(char escaped) {
        return switch (escaped) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escaped;
        };
    }

    /** Puts the value at this place, and makes what leads to it where that is missing. */
    void set(ObjectNode root, JsonNode value, Gaps gaps) {
        JsonNode at = root;
        for (int i = 0; i < steps.size() - 1; i++) {
            var step = steps.get(i);
            var next = get(at, step);
            if (next == null || next.isNull()) {
                next =
                        steps.get(i + 1) instanceof Step.Element
                                ? root.arrayNode()
                                : root.objectNode();
                put(at, step, next, gaps);
            }
            at = next;
        }
        put(at, steps.getLast(), value, gaps);
    }

    private static @Nullable JsonNode get(JsonNode at, Step step) {
        return switch (step) {
            case Step.Member(var name) -> at.get(name);
            case Step.Element(int index) -> at.get(index);
        };
    }

    private static void put(JsonNode at, Step step, JsonNode value, Gaps gaps) {
        switch (step) {
            case Step.Member(var name) when at instanceof ObjectNode object ->
                    object.set(name, value);
            case Step.Element(int index) when at instanceof ArrayNode array -> {
                while (array.size() < index) {
                    gaps.take();
                    array.addNull();
                }
                if (index < array.size()) {
                    array.set(index, value);
                } else {
                    array.add(value);
                }
            }
            default ->
                    throw new ProtocolViolation(
                            "The provider sent arguments of which one stands inside another.");
        }
    }
}
