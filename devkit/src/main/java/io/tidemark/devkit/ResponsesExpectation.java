package io.tidemark.devkit;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What must come out of a recording of the Responses API. */
final class ResponsesExpectation extends Expectation {
    ResponsesExpectation(JsonNode expected, JsonNode response) {
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
        var status = expected.path("status").asText();
        var wanted =
                switch (status) {
                    case "completed", "refused" -> "completed";
                    case "incomplete", "cancelled" -> status;
                    default -> "failed";
                };
        same("status", wanted, response.path("status").asText());
        var reason = expected.path("finish").path("incomplete_reason").textValue();
        same("incomplete reason", reason, response.path("providerFinishReason").textValue());
        var error = expected.path("error").path("code").textValue();
        if (error != null) {
            same("error code", error, response.path("failure").path("providerCode").textValue());
        }
        var model = expected.path("model").textValue();
        if (model != null) {
            same("model", model, response.path("model").textValue());
        }
    }

    private void compareUsage() {
        var names =
                Map.of(
                        "input_tokens", "input",
                        "output_tokens", "output",
                        "total_tokens", "total",
                        "cached_input_tokens", "cachedInput",
                        "cache_write_tokens", "cacheWrite",
                        "reasoning_tokens", "reasoning");
        for (var name : new TreeMap<>(names).entrySet()) {
            var wanted = expected.path("usage").path(name.getKey());
            if (wanted.isNumber()) {
                var found = response.path("usage").path(name.getValue());
                same("usage." + name.getValue(), wanted.asText(), found.asText());
            }
        }
    }

    private void compareTexts() {
        same("text", expected.path("final_text").asText(), all("text", null));
        same("refusal", expected.path("refusal").asText(""), all("refusal", null));
        same("reasoning text", expected.path("reasoning_text").asText(), all("reasoning", "full"));
        same(
                "reasoning summary",
                strings(expected.path("reasoning_summary")),
                elements(response.path("items"))
                        .flatMap(item -> parts(item, "reasoning", "summary").stream())
                        .toList());
    }

    private String all(String type, @Nullable String form) {
        return elements(response.path("items"))
                .flatMap(item -> parts(item, type, form).stream())
                .collect(Collectors.joining());
    }

    private void compareItems() {
        var wanted = elements(expected.path("items")).toList();
        var found = elements(response.path("items")).toList();
        same(
                "item types",
                wanted.stream().map(item -> item.path("type").asText()).toList(),
                found.stream().map(item -> item.path("providerItemType").asText()).toList());
        for (int i = 0; i < Math.min(wanted.size(), found.size()); i++) {
            compareItem("items[" + i + "]", wanted.get(i), found.get(i));
        }
    }

    private void compareItem(String at, JsonNode wanted, JsonNode found) {
        if (wanted.path("text").isTextual()) {
            same(at + ".text", wanted.path("text").asText(), joined(found, "text", null));
        }
        if (wanted.path("refusal").isTextual()) {
            same(at + ".refusal", wanted.path("refusal").asText(), joined(found, "refusal", null));
        }
        if (wanted.has("summary")) {
            same(
                    at + ".summary",
                    strings(wanted.path("summary")),
                    parts(found, "reasoning", "summary"));
        }
        if (wanted.path("reasoning_text").isArray()) {
            same(
                    at + ".reasoning_text",
                    strings(wanted.path("reasoning_text")),
                    parts(found, "reasoning", "full"));
        }
        if (wanted.path("has_encrypted_content").asBoolean()) {
            same(at + ".encrypted", true, found.path("encrypted").asBoolean());
        }
        if (wanted.path("phase").isTextual()) {
            same(at + ".phase", wanted.path("phase").asText(), found.path("phase").asText());
        }
        compareInput(at, wanted, found.path("call"));
        compareCitations(at, wanted, found);
    }

    private void compareInput(String at, JsonNode wanted, JsonNode call) {
        for (var field : List.of("arguments", "input", "code")) {
            if (wanted.path(field).isTextual() && !call.isMissingNode()) {
                same(at + "." + field, wanted.path(field).asText(), call.path("input").asText());
            }
        }
        if (wanted.path("name").isTextual() && !wanted.path("name").asText().isEmpty()) {
            same(at + ".name", wanted.path("name").asText(), call.path("name").asText());
        }
        if (wanted.path("call_id").isTextual() && call.path("callId").isTextual()) {
            same(at + ".call_id", wanted.path("call_id").asText(), call.path("callId").asText());
        }
    }

    private void compareCitations(String at, JsonNode wanted, JsonNode found) {
        if (!wanted.path("annotations").isObject()) {
            return;
        }
        var kinds = new TreeMap<String, Integer>();
        elements(found.path("content"))
                .flatMap(part -> elements(part.path("citations")))
                .forEach(citation -> kinds.merge(citation.path("kind").asText(), 1, Integer::sum));
        var wantedKinds = new TreeMap<String, Integer>();
        wanted.path("annotations")
                .properties()
                .forEach(kind -> wantedKinds.put(kind.getKey(), kind.getValue().asInt()));
        same(at + ".annotations", wantedKinds, kinds);
    }

    private void compareToolCalls() {
        var calls =
                elements(response.path("items"))
                        .filter(item -> called(item.path("providerItemType").asText()))
                        .map(item -> item.path("call"))
                        .toList();
        var wanted = elements(expected.path("tool_calls")).toList();
        same("number of tool calls", wanted.size(), calls.size());
        for (int i = 0; i < Math.min(wanted.size(), calls.size()); i++) {
            var at = "tool_calls[" + i + "].";
            var call = calls.get(i);
            same(at + "name", wanted.get(i).path("name").asText(), call.path("name").asText());
            same(
                    at + "arguments",
                    wanted.get(i).path("arguments").asText(),
                    call.path("input").asText());
            boolean client = "client".equals(wanted.get(i).path("executed_by").asText());
            if (call.path("executor").isTextual()) {
                same(at + "client", client, call.path("executor").asText().equals("client"));
            }
        }
    }

    private static boolean called(String providerItemType) {
        return switch (providerItemType) {
            case "function_call", "custom_tool_call", "mcp_call" -> true;
            default -> false;
        };
    }
}
