package io.tidemark.devkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What must come out of a recording of Google's {@code streamGenerateContent}. */
final class GeminiExpectation extends Expectation {
    private static final ObjectMapper JSON = new ObjectMapper();

    GeminiExpectation(JsonNode expected, JsonNode response) {
        super(expected, response);
    }

    @Override
    void compare() {
        compareEnd();
        compareUsage();
        elements(expected.path("items")).forEach(this::compareCandidate);
        same("text", expected.path("final_text").asText(), text(items(0), "text", null));
        same(
                "reasoning",
                String.join("", strings(expected.path("reasoning_summary"))),
                text(items(0), "reasoning", "summary"));
        same("refusal", expected.path("refusal").asText(""), text(items(0), "refusal", null));
        compareCalls();
    }

    private void compareEnd() {
        var status = expected.path("status").asText();
        var wanted =
                switch (status) {
                    case "completed", "incomplete" -> status;
                    default -> "failed";
                };
        same("status", wanted, response.path("status").asText());
        if (!wanted.equals("failed")) {
            var reason = expected.path("finish").path("finish_reasons").path(0).asText();
            same("finish reason", reason, response.path("providerFinishReason").asText());
        }
        var failure = response.path("failure");
        var error = expected.path("error").path("status").textValue();
        if (error != null) {
            same("error", error, failure.path("providerCode").textValue());
        }
        var blocked = expected.path("finish").path("block_reason").textValue();
        if (blocked != null) {
            same("block reason", blocked, failure.path("providerCode").textValue());
            same("failure", "content_blocked", failure.path("code").textValue());
        }
        stated("model", "model");
        stated("response_id", "providerResponseId");
    }

    private void stated(String oracle, String field) {
        var wanted = expected.path(oracle).textValue();
        if (wanted != null) {
            same(field, wanted, response.path(field).textValue());
        }
    }

    /* Our totals hold what tools gave to the prompt, and what the model thought. */
    private void compareUsage() {
        var wanted = expected.path("usage");
        var figures = new TreeMap<String, @Nullable Long>();
        figures.put(
                "input",
                sum(wanted.path("input_tokens"), wanted.at("/raw/toolUsePromptTokenCount")));
        figures.put("output", sum(wanted.path("output_tokens"), wanted.path("reasoning_tokens")));
        figures.put("total", sum(wanted.path("total_tokens")));
        figures.put("cachedInput", sum(wanted.path("cached_input_tokens")));
        figures.put("reasoning", sum(wanted.path("reasoning_tokens")));
        for (var figure : figures.entrySet()) {
            var found = response.path("usage").path(figure.getKey());
            same("usage." + figure.getKey(), figure.getValue(), sum(found));
        }
        for (var audio :
                Map.of("audio_input_tokens", "audioInput", "audio_output_tokens", "audioOutput")
                        .entrySet()) {
            if (wanted.path(audio.getKey()).isNumber()) {
                var found = response.path("usage").path(audio.getValue());
                same("usage." + audio.getValue(), sum(wanted.path(audio.getKey())), sum(found));
            }
        }
    }

    private static @Nullable Long sum(JsonNode... figures) {
        return Stream.of(figures)
                .filter(JsonNode::isNumber)
                .map(JsonNode::longValue)
                .reduce(Long::sum)
                .orElse(null);
    }

    private void compareCandidate(JsonNode wanted) {
        int candidate = wanted.path("candidate").asInt();
        var at = "candidate " + candidate + ": ";
        var found = items(candidate);
        same(at + "text", wanted.path("text").asText(), text(found, "text", null));
        same(at + "thought", wanted.path("thought").asText(), text(found, "reasoning", "summary"));
        same(
                at + "code",
                strings(wanted.path("executable_code")),
                found.stream()
                        .map(item -> item.path("call"))
                        .filter(call -> call.path("inputKind").asText().equals("code"))
                        .map(call -> call.path("input").asText())
                        .toList());
        var kinds = wanted.path("part_kinds");
        same(
                at + "code results",
                kinds.path("codeExecutionResult").asInt(),
                count(found, "codeExecutionResult"));
        same(
                at + "function responses",
                kinds.path("functionResponse").asInt(),
                count(found, "functionResponse"));
        same(
                at + "tool calls of the provider",
                kinds.path("toolCall").asInt(),
                count(found, "toolCall"));
        same(
                at + "tool responses",
                kinds.path("toolResponse").asInt(),
                count(found, "toolResponse"));
        same(
                at + "media",
                kinds.has("inlineData"),
                found.stream().anyMatch(GeminiExpectation::hasMedia));
        compareCitations(at, wanted, found);
    }

    /* Of sources that the answer is grounded in, the oracle says only that there are some. */
    private void compareCitations(String at, JsonNode wanted, List<JsonNode> found) {
        long citations =
                found.stream()
                        .flatMap(item -> elements(item.path("content")))
                        .mapToLong(part -> part.path("citations").size())
                        .sum();
        if (wanted.path("grounding").asBoolean() || !expected.path("notes").isEmpty()) {
            same(at + "citations", true, citations >= wanted.path("citations").asLong());
        } else {
            same(at + "citations", wanted.path("citations").asLong(), citations);
        }
    }

    private static int count(List<JsonNode> items, String partKind) {
        return (int)
                items.stream()
                        .filter(item -> item.path("providerItemType").asText().equals(partKind))
                        .count();
    }

    private static boolean hasMedia(JsonNode item) {
        boolean audio =
                elements(item.path("content"))
                        .anyMatch(part -> part.path("type").asText().equals("audio"));
        return audio || !item.path("images").isEmpty();
    }

    private List<JsonNode> items(int candidate) {
        return elements(response.path("items"))
                .filter(item -> item.path("choiceIndex").asInt() == candidate)
                .toList();
    }

    private static String text(List<JsonNode> items, String type, @Nullable String form) {
        var text = new StringBuilder();
        items.forEach(item -> text.append(joined(item, type, form)));
        return text.toString();
    }

    private void compareCalls() {
        var wanted = wantedCalls();
        var found =
                elements(response.path("items"))
                        .filter(item ->
                                item.path("providerItemType").asText().equals("functionCall"))
                        .map(item -> item.path("call"))
                        .toList();
        same("number of calls", wanted.size(), found.size());
        for (int i = 0; i < Math.min(wanted.size(), found.size()); i++) {
            var at = "calls[" + i + "].";
            var call = found.get(i);
            same(at + "name", wanted.get(i).name(), call.path("name").textValue());
            same(
                    at + "values",
                    wanted.get(i).values(),
                    values(parsed(call.path("input").asText())));
            same(at + "client", wanted.get(i).client(), isClients(call));
            if (wanted.get(i).id() != null) {
                same(at + "id", wanted.get(i).id(), call.path("callId").textValue());
            }
        }
    }

    private static boolean isClients(JsonNode call) {
        return call.path("executor").asText().equals("client");
    }

    /** A call with its arguments, each value by its path. */
    private record Call(
            String name, @Nullable String id, boolean client, Map<String, String> values) {}

    /* A call that came in pieces is stated piece by piece. */
    private List<Call> wantedCalls() {
        var calls = new ArrayList<Call>();
        for (var stated : elements(expected.path("tool_calls")).toList()) {
            if (stated.path("name").isTextual()) {
                calls.add(
                        new Call(
                                stated.path("name").asText(),
                                stated.path("call_id").textValue(),
                                stated.path("executed_by").asText().equals("client"),
                                new TreeMap<>(values(stated.path("arguments_json")))));
            }
            var values = calls.getLast().values();
            for (var piece : stated.path("raw").path("partialArgs")) {
                values.merge(piece.path("jsonPath").asText(), piece(piece), String::concat);
            }
        }
        return calls;
    }

    private static String piece(JsonNode partial) {
        return partial.properties().stream()
                .filter(field -> field.getKey().endsWith("Value"))
                .map(field ->
                        field.getKey().equals("nullValue") ? "null" : field.getValue().asText())
                .findFirst()
                .orElse("");
    }

    private static Map<String, String> values(JsonNode arguments) {
        var values = new TreeMap<String, String>();
        collect("$", arguments, values);
        return values;
    }

    private static void collect(String path, JsonNode node, Map<String, String> values) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field ->
                            collect(path + "." + field.getKey(), field.getValue(), values));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(path + "[" + i + "]", node.get(i), values);
            }
        } else if (!node.isMissingNode()) {
            values.put(path, node.asText());
        }
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
