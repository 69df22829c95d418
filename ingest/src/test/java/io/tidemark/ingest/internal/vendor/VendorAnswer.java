package io.tidemark.ingest.internal.vendor;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a stream adds up to, as far as a vendor's SDK and we can be compared.
 *
 * @param text all text of the answer
 * @param refusal all text of a refusal
 * @param calls the calls that the model makes, of the client's tools and of others
 * @param stop why it stopped, in the provider's words; its status where it says no more
 * @param usage figures by our names, totals inclusive; those that were reported
 */
record VendorAnswer(
        String text, String refusal, List<Call> calls, String stop, Map<String, Long> usage) {
    private static final List<String> FIGURES =
            List.of("input", "output", "total", "cachedInput", "cacheWrite", "reasoning");

    /* Calls of the Responses API that have no name and no input of their own to compare. */
    private static final Set<String> NAMELESS =
            Set.of(
                    "apply_patch_call",
                    "code_interpreter_call",
                    "computer_call",
                    "file_search_call",
                    "local_shell_call",
                    "mcp_approval_request",
                    "program",
                    "shell_call",
                    "tool_search_call",
                    "web_search_call");

    VendorAnswer {
        calls = List.copyOf(calls);
        usage = Map.copyOf(usage);
    }

    /**
     * A call.
     *
     * @param input as JSON, since an SDK may keep the value and not its spelling; what is none is a
     *     string
     */
    record Call(@Nullable String id, String name, JsonNode input) {
        static Call of(@Nullable String id, String name, String input) {
            var json = ProviderJson.newObject().put("input", input).path("input");
            return new Call(id, name, ProviderJson.value(input).orElse(json));
        }
    }

    /** What a response of ours says. */
    static VendorAnswer ofFold(JsonNode response) {
        var usage = new TreeMap<String, Long>();
        for (var figure : FIGURES) {
            var value = ProviderJson.count(response.path("usage"), figure);
            if (value != null) {
                usage.put(figure, value);
            }
        }
        var reason = ProviderJson.word(response, "providerFinishReason");
        return new VendorAnswer(
                parts(response, "text"),
                parts(response, "refusal"),
                elements(response.path("items"))
                        .filter(VendorAnswer::called)
                        .map(item -> item.path("call"))
                        .map(VendorAnswer::call)
                        .toList(),
                reason == null ? response.path("status").asText() : reason,
                usage);
    }

    private static boolean called(JsonNode item) {
        return item.path("kind").asText().equals("tool_call")
                && !NAMELESS.contains(item.path("providerItemType").asText());
    }

    private static Call call(JsonNode call) {
        return Call.of(
                ProviderJson.word(call, "callId"),
                call.path("name").asText(),
                call.path("input").asText());
    }

    private static String parts(JsonNode response, String type) {
        return elements(response.path("items"))
                .flatMap(item -> elements(item.path("content")))
                .filter(part -> part.path("type").asText().equals(type))
                .map(part -> part.path("text").asText())
                .collect(Collectors.joining());
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** Where the two differ; empty where they do not. */
    List<String> differences(VendorAnswer ours) {
        var found = new ArrayList<String>();
        compare(found, "text", text, ours.text);
        compare(found, "refusal", refusal, ours.refusal);
        compare(found, "calls", calls, ours.calls);
        compare(found, "stop", stop, ours.stop);
        compare(found, "usage", new TreeMap<>(usage), new TreeMap<>(ours.usage));
        return found;
    }

    private static void compare(List<String> found, String what, Object theirs, Object ours) {
        if (!Objects.equals(theirs, ours)) {
            found.add(what + ": " + brief(theirs) + " of the SDK is " + brief(ours) + " of ours");
        }
    }

    private static String brief(Object value) {
        var text = String.valueOf(value);
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
