package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.Usage;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.stream.Stream;

/**
 * Usage as servers of Chat Completions report it. Ours is inclusive; where a server leaves
 * reasoning out of its output, or cached tokens out of its input, its own figures give it away:
 * either they only add up to the total with those, or a part is larger than the whole.
 */
final class ChatUsage {
    /* What is beyond is no count, and would not add up. */
    private static final long COUNT_MAX = 1L << 53;

    private final ObjectNode raw;
    private final JsonNode inputDetails;
    private final JsonNode outputDetails;
    private final @Nullable Long input;
    private final @Nullable Long output;
    private final @Nullable Long total;
    private final @Nullable Long cached;
    private final @Nullable Long written;
    private final @Nullable Long reasoning;

    private ChatUsage(ObjectNode raw) {
        this.raw = raw;
        inputDetails = details("prompt_tokens_details", "input_tokens_details");
        outputDetails = details("completion_tokens_details", "output_tokens_details");
        input = first(raw, "prompt_tokens", "input_tokens");
        output = first(raw, "completion_tokens", "output_tokens");
        total = first(raw, "total_tokens");
        cached =
                either(
                        first(inputDetails, "cached_tokens"),
                        first(
                                raw,
                                "prompt_cache_hit_tokens",
                                "cached_tokens",
                                "cache_read_input_tokens"));
        written =
                either(
                        first(
                                inputDetails,
                                "cache_write_tokens",
                                "cache_creation_tokens",
                                "cache_creation_input_tokens"),
                        first(raw, "cache_creation_input_tokens"));
        reasoning =
                either(first(outputDetails, "reasoning_tokens"), first(raw, "reasoning_tokens"));
    }

    /** The usage in our words; absent when the provider said nothing. */
    static @Nullable Usage of(@Nullable ObjectNode usage) {
        return usage == null ? null : new ChatUsage(usage).usage();
    }

    /** Whether any token was counted. */
    static boolean counts(ObjectNode usage) {
        var read = new ChatUsage(usage);
        return Stream.of(read.input, read.output, read.total)
                .filter(Objects::nonNull)
                .anyMatch(count -> count > 0);
    }

    private Usage usage() {
        long moreInput = inputLacksCache() ? zero(cached) + zero(written) : 0;
        long moreOutput = outputLacksReasoning() ? zero(reasoning) : 0;
        return new Usage(
                plus(input, moreInput),
                plus(output, moreOutput),
                inclusiveTotal(moreInput, moreOutput),
                cached,
                written,
                reasoning,
                first(inputDetails, "audio_tokens"),
                first(outputDetails, "audio_tokens"),
                first(inputDetails, "text_tokens"),
                first(outputDetails, "text_tokens"),
                first(inputDetails, "image_tokens"),
                first(outputDetails, "image_tokens"),
                null,
                null,
                raw);
    }

    private boolean outputLacksReasoning() {
        long left = zero(reasoning);
        if (output == null || left == 0) {
            return false;
        }
        return total == null
                ? left > output
                : unexplained() == left || unexplained() == left + cache();
    }

    private boolean inputLacksCache() {
        long left = cache();
        if (input == null || left == 0) {
            return false;
        }
        boolean addsUp =
                (unexplained() == left && left != zero(reasoning))
                        || unexplained() == left + zero(reasoning);
        return left > input || addsUp;
    }

    /* What of the total is neither input nor output; 0 where there is no total. */
    private long unexplained() {
        return total == null ? 0 : total - zero(input) - zero(output);
    }

    private long cache() {
        return zero(cached) + zero(written);
    }

    /* The total is left alone, unless it was made without what was found to be left out. */
    private @Nullable Long inclusiveTotal(long moreInput, long moreOutput) {
        if (total == null || moreInput + moreOutput == 0) {
            return total;
        }
        return Math.max(total, zero(input) + moreInput + zero(output) + moreOutput);
    }

    private JsonNode details(String name, String otherName) {
        var details = raw.path(name);
        return details.isObject() ? details : raw.path(otherName);
    }

    private static @Nullable Long first(JsonNode object, String... fields) {
        for (var field : fields) {
            var count = ProviderJson.count(object, field);
            if (count != null && count <= COUNT_MAX) {
                return count;
            }
        }
        return null;
    }

    private static @Nullable Long either(@Nullable Long one, @Nullable Long other) {
        return one == null ? other : one;
    }

    private static @Nullable Long plus(@Nullable Long count, long more) {
        return count == null ? null : Long.valueOf(count + more);
    }

    private static long zero(@Nullable Long count) {
        return count == null ? 0 : count;
    }
}
