package io.tidemark.faults;

import static io.tidemark.schemas.UsageKind.CACHED_INPUT;
import static io.tidemark.schemas.UsageKind.INPUT;
import static io.tidemark.schemas.UsageKind.OUTPUT;
import static io.tidemark.schemas.UsageKind.REASONING;
import static io.tidemark.schemas.UsageKind.TOTAL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.schemas.UsageKind;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the provider says that its answers used, by their ids: its own journal, which nobody else
 * writes to. An answer that was not sent whole is not in it. Immutable.
 *
 * @param twice answers that it accounts for more than once
 */
record ProviderAccount(Map<String, TokenSums> answers, List<String> twice) {
    ProviderAccount {
        answers = Map.copyOf(answers);
        twice = List.copyOf(twice);
    }

    /** Reads the journal of a provider that has stopped. */
    static ProviderAccount read(Path journal) throws IOException {
        return of(Files.readAllLines(journal));
    }

    static ProviderAccount of(List<String> lines) throws IOException {
        var answers = new HashMap<String, TokenSums>();
        var twice = new ArrayList<String>();
        for (var line : lines) {
            var json = new ObjectMapper().readTree(line);
            var answer = json.path("answerId").asText();
            if (answers.put(answer, figures(json)) != null) {
                twice.add(answer);
            }
        }
        return new ProviderAccount(answers, twice);
    }

    private static TokenSums figures(JsonNode line) {
        long input = line.required("inputTokens").asLong();
        long output = line.required("outputTokens").asLong();
        return new TokenSums(
                Map.<UsageKind, Long>of(
                        INPUT,
                        input,
                        CACHED_INPUT,
                        0L,
                        OUTPUT,
                        output,
                        REASONING,
                        line.required("reasoningTokens").asLong(),
                        TOTAL,
                        input + output));
    }
}
