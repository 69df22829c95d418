package io.tidemark.faults;

import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.Rollup;
import io.tidemark.schemas.RollupCodec;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.UsageRow;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What projectors have committed: {@code tidemark.usage}, {@code tidemark.rollups} and {@code
 * tidemark.responses}, as whoever reads committed records has them. Immutable after {@link #await}.
 *
 * @param rows every row, by stream
 * @param rollups the latest of each key
 * @param responses every final response, by stream
 * @param unreadable where there is something else
 */
record Ledger(
        Map<StreamId, List<UsageRow>> rows,
        Map<String, Rollup> rollups,
        Map<StreamId, List<Published>> responses,
        List<String> unreadable) {
    private static final String USAGE = "tidemark.usage";
    private static final String ROLLUPS = "tidemark.rollups";
    private static final String RESPONSES = "tidemark.responses";
    private static final Duration POLL = Duration.ofSeconds(1);

    /** A final response, and what its bytes hash to. */
    record Published(Response response, String sha256) {}

    /** Nothing was read yet. */
    static Ledger empty() {
        return new Ledger(new HashMap<>(), new HashMap<>(), new HashMap<>(), new ArrayList<>());
    }

    /**
     * Reads all of it, again and again until there is a row of each of these streams and the
     * rollups have as many, or the time is up.
     */
    static Ledger await(String bootstrapServers, Set<StreamId> streams, Duration longest)
            throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        var ledger = read(bootstrapServers);
        while (!ledger.holds(streams) && System.nanoTime() - deadline < 0) {
            Thread.sleep(POLL);
            ledger = read(bootstrapServers);
        }
        return ledger;
    }

    private static Ledger read(String bootstrapServers) {
        var ledger = empty();
        try (var topics = TopicReader.ofCommitted(bootstrapServers)) {
            topics.read(USAGE, ledger::row);
            topics.read(ROLLUPS, ledger::rollup);
            topics.read(RESPONSES, ledger::response);
        }
        return ledger;
    }

    private boolean holds(Set<StreamId> streams) {
        return rows.keySet().containsAll(streams)
                && responses.keySet().containsAll(streams)
                && rolledUp() >= rowCount();
    }

    /** How many rows there are. */
    long rowCount() {
        return rows.values().stream().mapToLong(List::size).sum();
    }

    /** How many rows the rollups have. */
    long rolledUp() {
        return rollups.values().stream().mapToLong(Rollup::requests).sum();
    }

    /** Judges what is answered for a stream that has ended, by what was published of it. */
    Verdict judge(StreamId id, HttpAnswer answer) {
        if (answer.status() != 200) {
            return Verdict.otherwise(answer);
        }
        var sha256 = Digest.sha256(answer.body().getBytes(StandardCharsets.UTF_8));
        return responses.getOrDefault(id, List.of()).stream()
                        .anyMatch(it -> it.sha256().equals(sha256))
                ? ResponseJudge.FINAL
                : new Verdict.Wrong("is not answered with what was published");
    }

    void row(ConsumerRecord<byte[], byte[]> record) {
        reading(
                record,
                value -> {
                    var row = ResponseCodec.decodeUsage(value);
                    rows.computeIfAbsent(row.requestId(), _ -> new ArrayList<>()).add(row);
                });
    }

    void rollup(ConsumerRecord<byte[], byte[]> record) {
        reading(
                record,
                value ->
                        rollups.put(
                                new String(record.key(), StandardCharsets.UTF_8),
                                RollupCodec.decode(value)));
    }

    void response(ConsumerRecord<byte[], byte[]> record) {
        reading(
                record,
                value -> {
                    var response = ResponseCodec.decode(value);
                    responses
                            .computeIfAbsent(response.requestId(), _ -> new ArrayList<>())
                            .add(new Published(response, Digest.sha256(value)));
                });
    }

    private void reading(ConsumerRecord<byte[], byte[]> record, Consumer<byte[]> reader) {
        try {
            if (record.value() == null) {
                unreadable.add(place(record) + " has no value");
            } else {
                reader.accept(record.value());
            }
        } catch (MalformedRecordException e) {
            unreadable.add(place(record) + ": " + e.getMessage());
        }
    }

    private static String place(ConsumerRecord<byte[], byte[]> record) {
        return "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
    }
}
