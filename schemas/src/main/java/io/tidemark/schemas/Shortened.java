package io.tidemark.schemas;

import static java.util.stream.Collectors.toMap;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Results without what may be long: the provider's own usage object, the items, and whatever a
 * string of a client or a provider has beyond {@value #CHARS_MAX} characters. What is left has less
 * than {@value #BYTES_MAX} bytes of JSON, whoever wrote the events. Stateless.
 */
public final class Shortened {
    /** Most characters of a string. */
    public static final int CHARS_MAX = 256;

    /** Most labels of a stream that are kept: as many as the contract allows. */
    static final int LABELS_MAX = 16;

    /**
     * More than any shortened result has, in bytes. At most 150 strings are left, each of {@value
     * #CHARS_MAX} characters, of which JSON makes up to six bytes each.
     */
    static final int BYTES_MAX = 256 * 1024;

    private Shortened() {}

    /** The row with every figure and the beginning of every string. */
    static UsageRow of(UsageRow row) {
        return new UsageRow(
                row.schemaVersion(),
                row.requestId(),
                orNull(row.tenant()),
                cut(row.provider()),
                orNull(row.api()),
                cut(row.model()),
                cut(row.requestedModel()),
                row.status(),
                row.outcome(),
                orNull(row.finishReason()),
                orNull(row.failureCode()),
                row.provenance(),
                withoutRaw(row.usage()),
                row.timings(),
                row.attempts(),
                row.cost());
    }

    /** The response without its items, with every figure and the beginning of every string. */
    static Response of(Response response) {
        return new Response(
                response.schemaVersion(),
                response.requestId(),
                response.status(),
                cut(response.provider()),
                orNull(response.api()),
                cut(response.model()),
                cut(response.requestedModel()),
                orNull(response.tenant()),
                labels(response.metadata()),
                orNull(response.providerResponseId()),
                orNull(response.serviceTier()),
                response.outcome(),
                orNull(response.finishReason()),
                orNull(response.providerFinishReason()),
                failure(response.failure()),
                List.of(),
                withoutRaw(response.usage()),
                response.warnings().stream().map(Shortened::cut).toList(),
                response.timings(),
                response.attempts(),
                response.lastSequence());
    }

    private static Response.@Nullable Failure failure(Response.@Nullable Failure whole) {
        return whole == null
                ? null
                : new Response.Failure(
                        cut(whole.code()),
                        cut(whole.message()),
                        whole.retryable(),
                        whole.retryAfterMs(),
                        whole.partial(),
                        whole.httpStatus(),
                        orNull(whole.providerCode()),
                        orNull(whole.providerErrorType()));
    }

    private static @Nullable Usage withoutRaw(@Nullable Usage whole) {
        return whole == null
                ? null
                : new Usage(
                        whole.input(),
                        whole.output(),
                        whole.total(),
                        whole.cachedInput(),
                        whole.cacheWrite(),
                        whole.reasoning(),
                        whole.audioInput(),
                        whole.audioOutput(),
                        whole.textInput(),
                        whole.textOutput(),
                        whole.imageInput(),
                        whole.imageOutput(),
                        whole.audioSeconds(),
                        whole.estimated(),
                        null);
    }

    /* In the order of their names, so that folding again keeps the same ones. */
    private static @Nullable Map<String, String> labels(@Nullable Map<String, String> all) {
        return all == null
                ? null
                : new TreeMap<>(all)
                        .entrySet().stream()
                                .limit(LABELS_MAX)
                                .collect(
                                        toMap(
                                                label -> cut(label.getKey()),
                                                label -> cut(label.getValue()),
                                                (first, _) -> first));
    }

    private static @Nullable String orNull(@Nullable String text) {
        return text == null ? null : cut(text);
    }

    /** The beginning of a text, without half a character at its end. */
    public static String cut(String text) {
        if (text.length() <= CHARS_MAX) {
            return text;
        }
        boolean split = Character.isHighSurrogate(text.charAt(CHARS_MAX - 1));
        return text.substring(0, split ? CHARS_MAX - 1 : CHARS_MAX);
    }
}
