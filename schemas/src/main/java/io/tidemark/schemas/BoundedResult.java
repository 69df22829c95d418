package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;

/**
 * The JSON of a result as its topic takes it: whole, or without what makes it too large (sections
 * 8.2 and 8.4 of {@code docs/protocol.md}). It depends on the result and the bound alone, so
 * whoever makes it again gets the same bytes.
 *
 * @param json the bytes to publish
 * @param whole whether nothing was left out
 */
@SuppressWarnings("ArrayRecordComponent") // made once per stream, never compared
public record BoundedResult(byte[] json, boolean whole) {
    /** Code of the warning in a response whose content was left out. */
    public static final String CONTENT_TOO_LARGE = "content_too_large";

    /** The smallest bound there is, in bytes: whatever a stream holds, that much is enough. */
    public static final int BYTES_MAX_MIN = Shortened.BYTES_MAX;

    /** Most characters of a string in a result that has to be shortened. */
    public static final int CHARS_MAX = Shortened.CHARS_MAX;

    /** Most labels of such a result. */
    public static final int LABELS_MAX = Shortened.LABELS_MAX;

    public BoundedResult {
        requireNonNull(json, "json");
    }

    @Override
    public String toString() {
        return "BoundedResult[bytes=" + json.length + ", whole=" + whole + "]";
    }

    /**
     * A response. One that is too large loses its items, with a warning, and if that is not enough
     * the provider's own figures and the length of its strings.
     *
     * @param bytesMax largest value that its topic takes, at least {@link #BYTES_MAX_MIN}
     */
    public static BoundedResult of(Response response, int bytesMax) {
        requireBound(bytesMax);
        byte[] json = ResponseCodec.encode(response);
        if (json.length <= bytesMax) {
            return new BoundedResult(json, true);
        }
        var smaller = withoutContent(response);
        byte[] rest = ResponseCodec.encode(smaller);
        return new BoundedResult(
                rest.length <= bytesMax ? rest : ResponseCodec.encode(Shortened.of(smaller)),
                false);
    }

    /**
     * A ledger row. One that is too large loses the provider's own figures and the length of its
     * strings.
     *
     * @param bytesMax largest value that its topic takes, at least {@link #BYTES_MAX_MIN}
     */
    public static BoundedResult of(UsageRow row, int bytesMax) {
        requireBound(bytesMax);
        byte[] json = ResponseCodec.encode(row);
        return json.length <= bytesMax
                ? new BoundedResult(json, true)
                : new BoundedResult(ResponseCodec.encode(Shortened.of(row)), false);
    }

    private static void requireBound(int bytesMax) {
        if (bytesMax < BYTES_MAX_MIN) {
            throw new IllegalArgumentException(
                    "bytesMax must be at least %d, was %d".formatted(BYTES_MAX_MIN, bytesMax));
        }
    }

    private static Response withoutContent(Response whole) {
        var warnings = Stream.concat(Stream.of(CONTENT_TOO_LARGE), whole.warnings().stream());
        return new Response(
                whole.schemaVersion(),
                whole.requestId(),
                whole.status(),
                whole.provider(),
                whole.api(),
                whole.model(),
                whole.requestedModel(),
                whole.tenant(),
                whole.metadata(),
                whole.providerResponseId(),
                whole.serviceTier(),
                whole.outcome(),
                whole.finishReason(),
                whole.providerFinishReason(),
                whole.failure(),
                List.of(),
                whole.usage(),
                warnings.toList(),
                whole.timings(),
                whole.attempts(),
                whole.lastSequence());
    }
}
