package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.UsageFields;
import io.tidemark.schemas.Usage;

import org.jspecify.annotations.Nullable;

/**
 * Usage as Google reports it, on most chunks and cumulative, but not each figure on each chunk: a
 * later figure replaces an earlier one, an absent one leaves it. Its totals are not inclusive: what
 * tools gave to the prompt and what the model thought are counted apart. Confined to one thread.
 */
final class UsageMetadata {
    /** Longest field kept, in characters. */
    static final int FIELD_CHARS_MAX = 8 * 1024;

    private final UsageFields fields = new UsageFields(FIELD_CHARS_MAX);

    void merge(JsonNode metadata) {
        fields.learn(metadata);
    }

    /** All that is known; absent as long as no figure is. */
    @Nullable Usage sum() {
        var input = sum(count("promptTokenCount"), count("toolUsePromptTokenCount"));
        var output = sum(count("candidatesTokenCount"), count("thoughtsTokenCount"));
        var total = count("totalTokenCount");
        if (input == null && output == null && total == null) {
            return null;
        }
        return new Usage(
                input,
                output,
                total,
                count("cachedContentTokenCount"),
                null,
                count("thoughtsTokenCount"),
                input("AUDIO", "4"),
                output("AUDIO", "4"),
                input("TEXT", "1"),
                output("TEXT", "1"),
                input("IMAGE", "2"),
                output("IMAGE", "2"),
                null,
                null,
                fields.json());
    }

    private @Nullable Long count(String field) {
        return ProviderJson.count(fields.json(), field);
    }

    private @Nullable Long input(String modality, String number) {
        return sum(
                detail("promptTokensDetails", modality, number),
                detail("toolUsePromptTokensDetails", modality, number));
    }

    private @Nullable Long output(String modality, String number) {
        return detail("candidatesTokensDetails", modality, number);
    }

    private @Nullable Long detail(String field, String modality, String number) {
        Long sum = null;
        for (var detail : fields.json().path(field)) {
            var tokens =
                    is(detail, modality, number) ? ProviderJson.count(detail, "tokenCount") : null;
            if (tokens != null && sum != null && tokens > Long.MAX_VALUE - sum) {
                return null;
            }
            sum = sum(sum, tokens);
        }
        return sum;
    }

    private static boolean is(JsonNode detail, String modality, String number) {
        var word = Words.of(detail, "modality");
        return modality.equals(word) || number.equals(word);
    }

    /* A sum that no number can hold was made up: none is closer to the truth than any. */
    private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        long sum = one + other;
        return sum < 0 ? null : sum;
    }
}
