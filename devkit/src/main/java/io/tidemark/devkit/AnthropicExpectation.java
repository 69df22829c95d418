package io.tidemark.devkit;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What must come out of a recording of the Messages API. The text of a compaction is left out: it
 * is passed on verbatim, beside what a response is folded from; so are signatures, of which the
 * oracle gives the length.
 */
final class AnthropicExpectation extends Expectation {
    private static final List<String> CALLS =
            List.of("tool_use", "server_tool_use", "mcp_tool_use");

    private static final List<String> CUTTING =
            List.of("max_tokens", "model_context_window_exceeded", "refusal");

    /* The oracle names the first parts of what a tool answered, no more than these. */
    private static final int NAMED_MAX = 3;

    AnthropicExpectation(JsonNode expected, JsonNode response) {
        super(expected, response);
    }

    @Override
    void compare() {
        compareEnd();
        compareUsage();
        compareTexts();
        compareItems();
        compareToolCalls();
    }

    private void compareEnd() {
        var stopReason = expected.path("finish").path("stop_reason").textValue();
        same("status", status(), response.path("status").asText());
        same("stop reason", stopReason, response.path("providerFinishReason").textValue());
        same("finish reason", finishReason(stopReason), response.path("finishReason").textValue());
        same("model", expected.path("model").textValue(), response.path("model").textValue());
        same(
                "response id",
                expected.path("response_id").textValue(),
                response.path("providerResponseId").textValue());
        var error = expected.path("error");
        if (error.isObject()) {
            var failure = response.path("failure");
            var inner = error.path("error").isObject() ? error.path("error") : error;
            same(
                    "error type",
                    inner.path("type").textValue(),
                    failure.path("providerErrorType").textValue());
        }
    }

    private String status() {
        return switch (expected.path("status").asText()) {
            case "completed" -> "completed";
            case "incomplete", "paused", "refused" -> "incomplete";
            default -> "failed";
        };
    }

    private static @Nullable String finishReason(@Nullable String stopReason) {
        return switch (stopReason) {
            case null -> null;
            case "end_turn", "stop_sequence" -> "stop";
            case "tool_use" -> "tool_calls";
            case "max_tokens" -> "length";
            case "model_context_window_exceeded" -> "context_length";
            case "refusal" -> "refusal";
            case "pause_turn", "compaction" -> "pause";
            default -> "other";
        };
    }

    /* The oracle's input leaves out what came from the cache and what went there. */
    private void compareUsage() {
        var usage = expected.path("usage");
        var input = usage.path("input_tokens");
        if (input.isNumber()) {
            long inclusive =
                    Stream.of("input_tokens", "cached_input_tokens", "cache_write_tokens")
                            .mapToLong(field -> usage.path(field).asLong())
                            .sum();
            same("usage.input", inclusive, response.path("usage").path("input").asLong(-1));
        }
        var names =
                Map.of(
                        "output_tokens", "output",
                        "total_tokens", "total",
                        "cached_input_tokens", "cachedInput",
                        "cache_write_tokens", "cacheWrite",
                        "reasoning_tokens", "reasoning");
        for (var name : new TreeMap<>(names).entrySet()) {
            var wanted = usage.path(name.getKey());
            var found = response.path("usage").path(name.getValue());
            same(
                    "usage." + name.getValue(),
                    wanted.isNumber() ? wanted.asText() : null,
                    found.isMissingNode() ? null : found.asText());
        }
    }

    private void compareTexts() {
        same("text", expected.path("final_text").asText(), all("text"));
        same("refusal", expected.path("refusal").asText(""), all("refusal"));
        same("reasoning text", expected.path("reasoning_text").asText(), all("reasoning"));
    }

    private String all(String type) {
        return String.join(
                "",
                elements(response.path("items")).map(item -> joined(item, type, null)).toList());
    }

    private void compareItems() {
        var wanted = elements(expected.path("items")).toList();
        var found = elements(response.path("items")).toList();
        same(
                "items",
                wanted.stream().map(item -> item.path("index") + " " + text(item, "type")).toList(),
                found.stream()
                        .map(item -> item.path("outputIndex") + " " + providerType(item))
                        .toList());
        for (int i = 0; i < Math.min(wanted.size(), found.size()); i++) {
            compareItem("items[" + i + "]", wanted.get(i), found.get(i));
        }
    }

    private void compareItem(String at, JsonNode wanted, JsonNode found) {
        switch (text(wanted, "type")) {
            case "text" -> same(at + ".text", text(wanted, "text"), joined(found, "text", null));
            case "thinking" ->
                    same(
                            at + ".thinking",
                            text(wanted, "thinking"),
                            joined(found, "reasoning", "full"));
            case "redacted_thinking" ->
                    same(
                            at + ".encrypted",
                            wanted.path("has_encrypted_content").asBoolean(true),
                            found.path("encrypted").asBoolean());
            default -> {}
        }
        if (wanted.has("arguments")) {
            compareCall(at, wanted, found.path("call"));
        }
        if (wanted.has("tool_use_id")) {
            compareResult(at, wanted, found.path("results"));
        }
        same(at + ".citations", wantedCitations(wanted), foundCitations(found));
        if (whole(wanted)) {
            same(at + ".status", "completed", text(found, "status"));
        }
    }

    private void compareCall(String at, JsonNode wanted, JsonNode call) {
        same(at + ".arguments", text(wanted, "arguments"), text(call, "input"));
        same(at + ".name", text(wanted, "name"), text(call, "name"));
        same(at + ".call_id", text(wanted, "call_id"), text(call, "callId"));
        same(at + ".complete", whole(wanted), call.path("complete").asBoolean());
    }

    /* The last block is closed even if a limit cut it off; the input of a call shows it. */
    private boolean whole(JsonNode wanted) {
        boolean cut =
                CUTTING.contains(expected.path("finish").path("stop_reason").asText())
                        && elements(expected.path("tool_calls"))
                                .filter(call -> call.path("call_id").equals(wanted.get("call_id")))
                                .anyMatch(
                                        call -> !call.path("arguments_is_valid_json").asBoolean());
        return wanted.path("closed").asBoolean() && !cut;
    }

    private void compareResult(String at, JsonNode wanted, JsonNode results) {
        same(at + " results", 1, results.size());
        var result = results.path(0);
        same(at + ".tool_use_id", text(wanted, "tool_use_id"), text(result, "callId"));
        var output = result.path("output");
        var types = strings(wanted.path("content_type"));
        if (wanted.path("content_type").isArray()) {
            var found = elements(output).map(element -> text(element, "type")).toList();
            int named = found.size() < NAMED_MAX ? found.size() : types.size();
            same(at + ".content_type", types, found.subList(0, Math.min(named, found.size())));
        } else {
            same(at + ".content_type", text(wanted, "content_type"), text(output, "type"));
        }
    }

    private static Map<String, Integer> wantedCitations(JsonNode wanted) {
        var kinds = new TreeMap<String, Integer>();
        wanted.path("citations")
                .properties()
                .forEach(kind -> kinds.put(kind.getKey(), kind.getValue().asInt()));
        return kinds;
    }

    private static Map<String, Integer> foundCitations(JsonNode found) {
        var kinds = new TreeMap<String, Integer>();
        elements(found.path("content"))
                .flatMap(part -> elements(part.path("citations")))
                .forEach(citation -> kinds.merge(text(citation, "kind"), 1, Integer::sum));
        return kinds;
    }

    private void compareToolCalls() {
        var calls =
                elements(response.path("items"))
                        .filter(item -> CALLS.contains(providerType(item)))
                        .map(item -> item.path("call"))
                        .toList();
        var wanted = elements(expected.path("tool_calls")).toList();
        same("number of tool calls", wanted.size(), calls.size());
        for (int i = 0; i < Math.min(wanted.size(), calls.size()); i++) {
            var at = "tool_calls[" + i + "].";
            var call = calls.get(i);
            same(at + "name", text(wanted.get(i), "name"), text(call, "name"));
            same(at + "arguments", text(wanted.get(i), "arguments"), text(call, "input"));
            same(at + "call_id", text(wanted.get(i), "call_id"), text(call, "callId"));
            if (call.path("complete").asBoolean()) {
                same(at + "executor", executor(wanted.get(i)), text(call, "executor"));
            }
        }
    }

    private static String executor(JsonNode wanted) {
        boolean mcp = text(wanted, "type").equals("mcp_tool_use");
        return mcp ? "mcp" : text(wanted, "executed_by");
    }

    private static String providerType(JsonNode item) {
        return text(item, "providerItemType");
    }

    private static String text(JsonNode object, String field) {
        return object.path(field).asText();
    }
}
