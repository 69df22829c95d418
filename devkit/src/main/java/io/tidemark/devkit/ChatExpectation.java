package io.tidemark.devkit;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must come out of a recording of Chat Completions. */
final class ChatExpectation extends Expectation {
    private static final int MESSAGE_CHARS = 500;

    ChatExpectation(JsonNode expected, JsonNode response) {
        super(expected, response);
    }

    @Override
    void compare() {
        compareEnd();
        compareError();
        compareNames();
        compareUsage();
        var choices = elements(expected.path("items")).toList();
        for (var choice : choices) {
            compareChoice(choice);
        }
        same(
                "choices",
                choices.stream().filter(ChatExpectation::says).map(ChatExpectation::index).toList(),
                found());
        if (choices.size() == 1) {
            same("text", expected.path("final_text").asText(), text(0, "text"));
            same("reasoning", expected.path("reasoning_text").asText(), reasoning(0));
            same("refusal", expected.path("refusal").asText(""), text(0, "refusal"));
        }
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
        if (wanted.equals("failed")) {
            return;
        }
        var reasons = expected.path("finish").path("finish_reasons");
        var found = response.path("providerFinishReason").textValue();
        if (reasons.size() == 1) {
            same("finish reason", reasons.get(0).textValue(), found);
        } else {
            same("finish reason is one", true, strings(reasons).contains(found));
        }
    }

    private void compareError() {
        var error = expected.path("error");
        var failure = response.path("failure");
        if (error.hasNonNull("code")) {
            same("error code", error.path("code").asText(), failure.path("providerCode").asText());
        }
        if (error.hasNonNull("type")) {
            same(
                    "error type",
                    error.path("type").asText(),
                    failure.path("providerErrorType").asText());
        }
        var message = error.path("message").textValue();
        if (message != null && message.length() <= MESSAGE_CHARS) {
            same("error message", message, failure.path("message").asText());
        }
    }

    private void compareNames() {
        var model = expected.path("model").asText("");
        if (!model.isEmpty()) {
            same("model", model, response.path("model").asText());
        }
        var id = expected.path("response_id").asText("");
        same("response id", id, response.path("providerResponseId").asText());
    }

    private void compareUsage() {
        var names =
                new TreeMap<>(
                        Map.of(
                                "input_tokens", "input",
                                "total_tokens", "total",
                                "cached_input_tokens", "cachedInput",
                                "cache_write_tokens", "cacheWrite",
                                "reasoning_tokens", "reasoning",
                                "audio_input_tokens", "audioInput",
                                "audio_output_tokens", "audioOutput"));
        var usage = expected.path("usage");
        var found = response.path("usage");
        names.forEach((name, ours) -> {
            if (usage.path(name).isNumber()) {
                same("usage." + ours, usage.path(name).asText(), found.path(ours).asText());
            }
        });
        if (usage.path("output_tokens").isNumber()) {
            same("usage.output", inclusiveOutput(usage), found.path("output").asLong(-1));
        }
        same("fields of usage.raw", fields(usage.path("raw")), fields(found.path("raw")));
    }

    private static Set<String> fields(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    /* xAI leaves reasoning out of its output, and its total says so. */
    private static long inclusiveOutput(JsonNode usage) {
        long output = usage.path("output_tokens").asLong();
        long reasoning = usage.path("reasoning_tokens").asLong();
        long without = usage.path("input_tokens").asLong() + output;
        boolean apart = usage.path("total_tokens").asLong(without) == without + reasoning;
        return apart ? output + reasoning : output;
    }

    private List<Integer> found() {
        return elements(response.path("items"))
                .map(item -> item.path("choiceIndex").asInt())
                .distinct()
                .sorted()
                .toList();
    }

    private static int index(JsonNode choice) {
        return choice.path("choice").asInt();
    }

    /* A choice that said nothing has no items. */
    private static boolean says(JsonNode choice) {
        return choice.has("tool_calls")
                || choice.has("audio")
                || Stream.of("text", "reasoning_text", "refusal")
                        .anyMatch(field -> !choice.path(field).asText("").isEmpty());
    }

    private void compareChoice(JsonNode choice) {
        int index = index(choice);
        var at = "choices[" + index + "].";
        same(at + "text", choice.path("text").asText(), text(index, "text"));
        same(at + "reasoning", choice.path("reasoning_text").asText(""), reasoning(index));
        same(at + "refusal", choice.path("refusal").asText(""), text(index, "refusal"));
        same(at + "calls", choice.path("tool_calls").asLong(0), calls(index).count());
        var audio = choice.path("audio");
        same(at + "transcript", audio.path("transcript").asText(""), text(index, "transcript"));
        same(at + "audio id", audio.path("id").textValue(), audioId(index));
        compareAudio(at, audio.path("base64_chars").asLong(0), index);
    }

    private void compareAudio(String at, long base64Chars, int index) {
        long bytes =
                parts(index, "audio")
                        .mapToLong(part -> part.path("media").path("bytes").asLong())
                        .sum();
        boolean fits = bytes > base64Chars * 3 / 4 - 3 && bytes <= base64Chars * 3 / 4;
        same(at + "bytes of " + base64Chars + " characters of audio", true, fits);
    }

    private @Nullable String audioId(int index) {
        return parts(index, "audio").findAny().isEmpty()
                ? null
                : items(index)
                        .filter(item -> item.path("kind").asText().equals("message"))
                        .map(item -> item.path("itemId").textValue())
                        .findFirst()
                        .orElse(null);
    }

    private void compareToolCalls() {
        var wanted = elements(expected.path("tool_calls")).toList();
        var found = elements(response.path("items")).filter(ChatExpectation::clientCall).toList();
        same("number of tool calls", wanted.size(), found.size());
        for (int i = 0; i < Math.min(wanted.size(), found.size()); i++) {
            compareToolCall("tool_calls[" + i + "].", wanted.get(i), found.get(i));
        }
    }

    private void compareToolCall(String at, JsonNode wanted, JsonNode found) {
        var call = found.path("call");
        same(at + "choice", wanted.path("choice").asInt(), found.path("choiceIndex").asInt());
        same(at + "name", wanted.path("name").asText(), call.path("name").asText());
        same(at + "arguments", wanted.path("arguments").asText(), call.path("input").asText());
        same(at + "call_id", wanted.path("call_id").asText(), call.path("callId").asText());
        boolean whole = call.path("complete").asBoolean();
        if (whole) {
            same(
                    at + "executor",
                    wanted.path("executed_by").asText(),
                    call.path("executor").asText());
        }
        boolean completed = response.path("status").asText().equals("completed");
        same(at + "complete", completed || whole, whole);
    }

    private Stream<JsonNode> calls(int index) {
        return items(index).filter(ChatExpectation::clientCall);
    }

    private static boolean clientCall(JsonNode item) {
        return item.path("kind").asText().equals("tool_call");
    }

    private String reasoning(int index) {
        return text(index, "reasoning");
    }

    private String text(int index, String type) {
        return parts(index, type)
                .map(part -> part.path("text").asText())
                .collect(Collectors.joining());
    }

    private Stream<JsonNode> parts(int index, String type) {
        return items(index)
                .flatMap(item -> elements(item.path("content")))
                .filter(part -> part.path("type").asText().equals(type));
    }

    private Stream<JsonNode> items(int index) {
        return elements(response.path("items"))
                .filter(item -> item.path("choiceIndex").asInt() == index);
    }
}
