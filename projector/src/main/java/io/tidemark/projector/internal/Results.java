package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Result;
import io.tidemark.schemas.BoundedResult;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.UsageRow;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

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

    /** Longest trace context passed on, in characters; a longer one is none. */
    static final int TRACE_CHARS_MAX = 256;

    private final int responseBytesMax;
    private final int rowBytesMax;
    private final Costs costs;
    private final ProjectorMetrics metrics;

    /**
     * Results of bounded size.
     *
     * @param responseBytesMax largest response its topic takes, at least {@link
     *     BoundedResult#BYTES_MAX_MIN}; a larger one loses its items, with a warning, and if that
     *     is not enough the length of its strings
     * @param rowBytesMax largest ledger row its topic takes, at least {@link
     *     BoundedResult#BYTES_MAX_MIN}; a larger one loses the provider's own figures and the
     *     length of its strings
     * @param costs gives rows their cost
     */
    Results(int responseBytesMax, int rowBytesMax, Costs costs, ProjectorMetrics metrics) {
        this.responseBytesMax = atLeastShortened("responseBytesMax", responseBytesMax);
        this.rowBytesMax = atLeastShortened("rowBytesMax", rowBytesMax);
        this.costs = costs;
        this.metrics = metrics;
    }

    private static int atLeastShortened(String field, int bytesMax) {
        if (bytesMax < BoundedResult.BYTES_MAX_MIN) {
            throw new IllegalArgumentException(
                    "%s must be at least %d, was %d"
                            .formatted(field, BoundedResult.BYTES_MAX_MIN, bytesMax));
        }
        return bytesMax;
    }

    /**
     * The records of one finished stream, and the ledger row as it was folded.
     *
     * @param response empty if the stream was erased
     */
    record Both(
            Optional<Record<byte[], byte[]>> response,
            Record<byte[], byte[]> usage,
            UsageRow row) {}

    /** The records to send; none if the terminal event could not be read. */
    Optional<Both> of(
            EventRecord.Entry terminal, Progress progress, Assembly assembly, long appendedAt) {
        var response = assembly.response();
        var usage = assembly.usageRow();
        if (response.isEmpty() || usage.isEmpty()) {
            return Optional.empty();
        }
        var priced = costs.priced(usage.get(), appendedAt);
        var json =
                progress.erased()
                        ? Optional.<byte[]>empty()
                        : response.map(it ->
                                bounded(BoundedResult.of(it, responseBytesMax), Result.OVERSIZED));
        byte[] row = bounded(BoundedResult.of(priced, rowBytesMax), Result.OVERSIZED_USAGE);
        metrics.folded(
                assembly.events(), assembly.unreadable(), json.map(it -> it.length).orElse(0));
        metrics.result(progress.erased() ? Result.ERASED : Result.RESPONSE);
        metrics.result(Result.USAGE);
        return Optional.of(
                new Both(
                        json.map(it -> record(terminal, progress, it, appendedAt)),
                        record(terminal, progress, row, appendedAt),
                        usage.get()));
    }

    private byte[] bounded(BoundedResult result, Result tooLarge) {
        if (!result.whole()) {
            metrics.result(tooLarge);
        }
        return result.json();
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
}
