package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Result;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.UsageRow;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes the two records that a finished stream leaves behind. They depend on the log alone: the
 * timestamp is when the log took the terminal event, and the headers {@value #FIRST_OFFSET} and
 * {@value #LAST_OFFSET} say where in the stream's partition its events are. Immutable.
 *
 * <p>Each is measured before it is made, and loses what makes it too large: a record that no broker
 * accepts would stop the partition, and again at each new attempt.
 */
final class Results {
    /** Header with the offset of the stream's first event; 8 bytes, big-endian. */
    static final String FIRST_OFFSET = "firstOffset";

    /** Header with the offset of the stream's terminal event; 8 bytes, big-endian. */
    static final String LAST_OFFSET = "lastOffset";

    /** Code of the warning in a response whose content was left out. */
    static final String CONTENT_TOO_LARGE = "content_too_large";

    /** Longest trace context passed on, in characters; a longer one is none. */
    static final int TRACE_CHARS_MAX = 256;

    private final int responseBytesMax;
    private final int rowBytesMax;
    private final ProjectorMetrics metrics;

    /**
     * Results of bounded size.
     *
     * @param responseBytesMax largest response its topic takes, at least {@link
     *     Shortened#BYTES_MAX}; a larger one loses its items, with a warning, and if that is not
     *     enough the length of its strings
     * @param rowBytesMax largest ledger row its topic takes, at least {@link Shortened#BYTES_MAX};
     *     a larger one loses the provider's own figures and the length of its strings
     */
    Results(int responseBytesMax, int rowBytesMax, ProjectorMetrics metrics) {
        this.responseBytesMax = atLeastShortened("responseBytesMax", responseBytesMax);
        this.rowBytesMax = atLeastShortened("rowBytesMax", rowBytesMax);
        this.metrics = metrics;
    }

    private static int atLeastShortened(String field, int bytesMax) {
        if (bytesMax < Shortened.BYTES_MAX) {
            throw new IllegalArgumentException(
                    "%s must be at least %d, was %d"
                            .formatted(field, Shortened.BYTES_MAX, bytesMax));
        }
        return bytesMax;
    }

    /** The records of one finished stream. */
    record Both(Record<byte[], byte[]> response, Record<byte[], byte[]> usage) {}

    /** The records to send; none if the terminal event could not be read. */
    Optional<Both> of(
            EventRecord.Entry terminal, Progress progress, Assembly assembly, long appendedAt) {
        var response = assembly.response();
        var usage = assembly.usageRow();
        if (response.isEmpty() || usage.isEmpty()) {
            return Optional.empty();
        }
        byte[] json = encode(response.get());
        byte[] row = encode(usage.get());
        metrics.folded(assembly.events(), assembly.unreadable(), json.length);
        metrics.result(Result.RESPONSE);
        metrics.result(Result.USAGE);
        return Optional.of(
                new Both(
                        record(terminal, progress, json, appendedAt),
                        record(terminal, progress, row, appendedAt)));
    }

    private byte[] encode(Response whole) {
        byte[] json = ResponseCodec.encode(whole);
        if (json.length <= responseBytesMax) {
            return json;
        }
        metrics.result(Result.OVERSIZED);
        var smaller = withoutContent(whole);
        byte[] rest = ResponseCodec.encode(smaller);
        return rest.length <= responseBytesMax ? rest : ResponseCodec.encode(Shortened.of(smaller));
    }

    private byte[] encode(UsageRow whole) {
        byte[] json = ResponseCodec.encode(whole);
        if (json.length <= rowBytesMax) {
            return json;
        }
        metrics.result(Result.OVERSIZED_USAGE);
        return ResponseCodec.encode(Shortened.of(whole));
    }

    private static Record<byte[], byte[]> record(
            EventRecord.Entry terminal, Progress progress, byte[] value, long appendedAt) {
        var headers = new RecordHeaders();
        headers.add(FIRST_OFFSET, number(progress.firstOffset()));
        headers.add(LAST_OFFSET, number(progress.lastOffset()));
        var traceparent = terminal.headers().traceparent();
        if (traceparent != null && traceparent.length() <= TRACE_CHARS_MAX) {
            headers.add(EventHeaders.TRACEPARENT, traceparent.getBytes(StandardCharsets.UTF_8));
        }
        return new Record<>(terminal.id().key(), value, appendedAt, headers);
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
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
