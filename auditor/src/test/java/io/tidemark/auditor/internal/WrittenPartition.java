package io.tidemark.auditor.internal;

import io.tidemark.auditor.AuditLimits;
import io.tidemark.auditor.AuditReport;
import io.tidemark.auditor.ViolationCode;
import io.tidemark.schemas.Amount;
import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ModelPattern;
import io.tidemark.schemas.Price;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.PriceTable.Charge;
import io.tidemark.schemas.ReaderGuard;
import io.tidemark.schemas.ReaderGuard.Verdict;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.ResponseFold;
import io.tidemark.schemas.Scope;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.Topics;
import io.tidemark.schemas.UsageKind;
import io.tidemark.schemas.UsageRow;
import io.tidemark.seal.DataKey;
import io.tidemark.seal.Opener;
import io.tidemark.seal.StreamSeal;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * One partition of the four topics as workers and projector leave it, which a test then damages:
 * the oracle that is tested is given only what a broker would give it.
 */
final class WrittenPartition {
    static final Topics TOPICS = Topics.defaults();

    /** What the projector charges by. */
    static final PriceTable PRICES =
            new PriceTable(
                    "list",
                    List.of(
                            new Price(
                                    new ModelPattern("gpt-*"),
                                    null,
                                    "USD",
                                    0,
                                    Map.of(
                                            UsageKind.INPUT, Amount.parse("1.25"),
                                            UsageKind.OUTPUT, Amount.parse("10")))));

    /* Room to put a record between two. */
    private static final long STEP = 10;

    /** A record that has its place. */
    record Placed(long offset, ConsumerRecord<byte[], byte[]> record) {}

    final List<Placed> events = new ArrayList<>();
    final List<Placed> commands = new ArrayList<>();
    final Map<ResultKind, List<Placed>> results = new EnumMap<>(ResultKind.class);

    /** Those that the projector has read, and those that came later. */
    final List<Placed> erasures = new ArrayList<>();

    final List<Placed> lateErasures = new ArrayList<>();

    private final List<StreamId> ids = new ArrayList<>();
    Readers readers = Readers.guarded();
    Scope scope = new Scope.Everything();
    AuditLimits limits = new AuditLimits(1_000, 1 << 20, 100);
    Horizon horizon = Horizon.none();
    boolean closed = true;
    long projected = Long.MAX_VALUE;
    PriceTable knownPrices = PRICES;
    Opener opener = Opener.withoutKeys();

    WrittenPartition() {
        for (var kind : ResultKind.values()) {
            results.put(kind, new ArrayList<>());
        }
        append(commands, StreamWriter.claimOf(StreamWriter.PARTITION));
    }

    /** Whole streams, one after the other, with their commands. */
    static WrittenPartition of(StreamWriter... streams) {
        var partition = new WrittenPartition();
        for (var stream : streams) {
            stream.records().forEach(partition::append);
            partition.command(stream);
        }
        return partition;
    }

    /** Seals every event that is there, under the key of its stream. */
    void seal(DataKey key) {
        events.replaceAll(placed ->
                EventRecord.of(placed.record()) instanceof EventRecord.Entry entry
                                && entry.id().equals(key.id())
                        ? placed(placed.offset(), sealed(placed.record(), entry, key))
                        : placed);
    }

    private static ProducerRecord<byte[], byte[]> sealed(
            ConsumerRecord<byte[], byte[]> record, EventRecord.Entry entry, DataKey key) {
        var plain =
                new ProducerRecord<>(
                        record.topic(), null, null, record.key(), record.value(), record.headers());
        return new StreamSeal.Sealed(key, new Random(3))
                .seal(plain, EventCodec.decode(entry.value()), entry.headers().attempt());
    }

    void command(StreamWriter stream) {
        ids.add(stream.id());
        append(commands, StreamWriter.startOf(stream.id()));
        append(commands, StreamWriter.doneOf(stream.id(), stream.attempt(), stream.next() - 1));
    }

    void append(ProducerRecord<byte[], byte[]> record) {
        append(events, record);
    }

    static void append(List<Placed> topic, ProducerRecord<byte[], byte[]> record) {
        topic.add(placed(topic.isEmpty() ? 0 : topic.getLast().offset() + STEP, record));
    }

    /** Puts a record right behind another one. */
    void insertBehind(int index, ProducerRecord<byte[], byte[]> record) {
        events.add(index + 1, placed(events.get(index).offset() + 1, record));
    }

    /** Puts a record in the place of another one. */
    static void replace(List<Placed> topic, int index, ProducerRecord<byte[], byte[]> record) {
        topic.set(index, placed(topic.get(index).offset(), record));
    }

    static Placed placed(long offset, ProducerRecord<byte[], byte[]> record) {
        Long given = record.timestamp();
        long timestamp = given == null ? StreamWriter.BEGAN_AT + offset : given;
        return new Placed(
                offset,
                new ConsumerRecord<>(
                        record.topic(),
                        StreamWriter.PARTITION,
                        offset,
                        timestamp,
                        given == null ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                        0,
                        0,
                        record.key(),
                        record.value(),
                        record.headers(),
                        Optional.empty()));
    }

    /** What is at a place, to be changed and put back. */
    static ProducerRecord<byte[], byte[]> copy(Placed placed) {
        var record = placed.record();
        boolean stamped = record.timestampType() == TimestampType.CREATE_TIME;
        return new ProducerRecord<>(
                record.topic(),
                record.partition(),
                stamped ? record.timestamp() : null,
                record.key(),
                record.value(),
                new RecordHeaders(record.headers()));
    }

    /** Indexes of the events that readers accept, by sequence. */
    List<Integer> accepted(StreamId id) {
        var guard = ReaderGuard.fromStart();
        var found = new ArrayList<Integer>();
        for (int i = 0; i < events.size(); i++) {
            switch (EventRecord.of(events.get(i).record())) {
                case EventRecord.Entry entry when entry.id().equals(id) -> {
                    if (guard.admit(entry.headers()) == Verdict.ACCEPTED) {
                        found.add(i);
                    }
                }
                case EventRecord.Fence fence when fence.id().equals(id) ->
                        guard.fence(fence.attempt());
                default -> {} // another stream's
            }
        }
        return found;
    }

    /** Whether it is an event of that stream, and no fence. */
    static boolean isEventOf(Placed placed, StreamId id) {
        return EventRecord.of(placed.record()) instanceof EventRecord.Entry entry
                && entry.id().equals(id);
    }

    /** Folds every stream and leaves its results, as the projector does. */
    WrittenPartition project() {
        ids.forEach(this::project);
        return this;
    }

    private void project(StreamId id) {
        var fold = new ResponseFold();
        var accepted = accepted(id);
        for (int index : accepted) {
            var entry = (EventRecord.Entry) EventRecord.of(events.get(index).record());
            fold.add(entry.headers().attempt().number(), EventCodec.decode(entry.value()));
        }
        var first = events.get(accepted.getFirst());
        var last = events.get(accepted.getLast());
        leave(
                ResultKind.RESPONSE,
                id,
                first,
                last,
                ResponseCodec.encode(fold.response().orElseThrow()));
        leave(
                ResultKind.USAGE,
                id,
                first,
                last,
                ResponseCodec.encode(
                        charged(fold.usageRow().orElseThrow(), last.record().timestamp())));
    }

    private static UsageRow charged(UsageRow row, long at) {
        return PRICES.charge(row, at) instanceof Charge.Charged(var cost)
                ? row.withCost(cost)
                : row;
    }

    private void leave(ResultKind kind, StreamId id, Placed first, Placed last, byte[] value) {
        append(
                results(kind),
                result(kind, id, first.offset(), last.offset(), last.record().timestamp(), value));
    }

    static ProducerRecord<byte[], byte[]> result(
            ResultKind kind, StreamId id, long first, long last, long timestamp, byte[] value) {
        Topic topic = kind.topic(TOPICS);
        var record =
                new ProducerRecord<>(
                        topic.name(), id.partition(), timestamp, id.key(), value, List.of());
        record.headers().add("firstOffset", ByteBuffer.allocate(8).putLong(first).array());
        record.headers().add("lastOffset", ByteBuffer.allocate(8).putLong(last).array());
        return record;
    }

    static ProducerRecord<byte[], byte[]> erasureOf(StreamId id) {
        return new Erasure(id, StreamWriter.BEGAN_AT, null).record(TOPICS.erasures().name());
    }

    /** Erases a stream, as an edge and then the projector do. */
    void erase(StreamId id) {
        append(erasures, erasureOf(id));
        append(
                results(ResultKind.RESPONSE),
                new ProducerRecord<byte[], byte[]>(
                        TOPICS.responses().name(), id.partition(), id.key(), null));
    }

    List<Placed> results(ResultKind kind) {
        return results.getOrDefault(kind, List.of());
    }

    /** Index of a stream's record among those of a topic; the last one. */
    static int indexOf(List<Placed> topic, StreamId id) {
        for (int i = topic.size() - 1; i >= 0; i--) {
            if (Arrays.equals(topic.get(i).record().key(), id.key())) {
                return i;
            }
        }
        throw new IllegalArgumentException("no record of " + id);
    }

    AuditReport audit() {
        var findings = new Findings(limits.violationsMax());
        var rules = new Rules(TOPICS, scope, closed, limits, knownPrices, opener);
        long end = events.isEmpty() ? 0 : events.getLast().offset() + 1;
        var audit = new PartitionAudit(rules, findings, horizon, end, readers);
        events.forEach(placed -> audit.event(placed.record()));
        audit.eventsRead();
        commands.forEach(placed -> audit.command(placed.record()));
        erasures.forEach(placed -> audit.erasure(placed.record(), true));
        results.forEach(
                (kind, topic) -> topic.forEach(placed -> audit.result(kind, placed.record())));
        erasures.forEach(placed -> audit.erasure(placed.record(), false));
        lateErasures.forEach(placed -> audit.erasure(placed.record(), false));
        audit.finish(projected, Map.of());
        return findings.report();
    }

    /** What an audit finds, by code. */
    Map<ViolationCode, Long> violations() {
        return audit().violationsByCode();
    }
}
