package io.tidemark.devkit;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must come out of a recording of a streamed transcription. */
final class TranscriptionExpectation extends Expectation {
    TranscriptionExpectation(JsonNode expected, JsonNode response) {
        super(expected, response);
    }

    @Override
    void compare() {
        var status = expected.path("status").asText();
        same(
                "status",
                status.equals("completed") ? status : "failed",
                response.path("status").asText());
        var error = expected.path("error").path("code").textValue();
        if (error != null) {
            same("error", error, response.path("failure").path("providerCode").textValue());
        }
        var items = expected.path("items");
        same("number of items", items.size(), response.path("items").size());
        same("text", expected.path("final_text").asText(), text());
        same(
                "segments",
                items.path(0).path("segments").asLong(),
                parts().filter(part -> part.has("segmentId")).count());
        same(
                "voices",
                parts().map(_ -> "user").toList(),
                parts().map(part -> part.path("role").asText()).toList());
        compareUsage();
    }

    private Stream<JsonNode> parts() {
        return elements(response.path("items")).flatMap(item -> elements(item.path("content")));
    }

    /* The plain text is left out where the segments hold all of it. */
    private String text() {
        boolean plain = parts().anyMatch(part -> !part.has("segmentId"));
        return parts().filter(part -> !plain || !part.has("segmentId"))
                .map(part -> part.path("text").asText())
                .map(text -> plain ? text : text.strip())
                .collect(Collectors.joining(" "));
    }

    private void compareUsage() {
        var names =
                Map.of(
                        "/input_tokens", "input",
                        "/output_tokens", "output",
                        "/total_tokens", "total",
                        "/raw/input_token_details/audio_tokens", "audioInput",
                        "/raw/input_token_details/text_tokens", "textInput",
                        "/raw/seconds", "audioSeconds");
        for (var name : new TreeMap<>(names).entrySet()) {
            var wanted = expected.path("usage").at(name.getKey());
            var found = response.path("usage").path(name.getValue());
            if (wanted.isNumber()) {
                same("usage." + name.getValue(), wanted.doubleValue(), found.doubleValue());
            } else {
                same("usage." + name.getValue() + " is absent", true, found.isMissingNode());
            }
        }
    }
}
