package io.tidemark.auditor.internal;

import static io.tidemark.auditor.internal.StreamWriter.PARTITION;
import static io.tidemark.auditor.internal.StreamWriter.message;

import io.tidemark.auditor.ViolationCode;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ItemBody.ItemStarted;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.ReaderGuard.Verdict;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One way to break each rule, by its code: applied to the stream {@link StreamWriter#takenOver},
 * whose sequences are 0 start, 1 status, 2 item, 3 text, 4 status, 5 and 6 text, 7 sum of the lane,
 * 8 end of the item, 9 end. Another stream on the same partition stays whole.
 */
final class Damage {
    private static final StreamId UNKNOWN = StreamWriter.id(PARTITION, 99);
    private static final StreamId ELSEWHERE = StreamWriter.id(PARTITION + 1, 98);

    private final WrittenPartition log;
    private final StreamWriter victim;

    Damage(WrittenPartition log, StreamWriter victim) {
        this.log = log;
        this.victim = victim;
    }

    /** Breaks one rule; the results are those of the events before or after, as the rule needs. */
    void apply(ViolationCode code) {
        switch (code) {
            case ITEM_NOT_STARTED -> written(2, Placement.NONE, status());
            case ITEM_STARTED_TWICE ->
                    written(4, Placement.item(0, null), new ItemStarted(message()));
            case ITEM_NOT_COMPLETED -> written(8, Placement.NONE, status());
            case LANE_MISMATCH ->
                    written(7, Placement.content(0, 0, null), StreamWriter.sum("another text"));
            case LANE_NOT_COMPLETED -> written(7, Placement.NONE, status());
            case START_REPEATED -> written(1, Placement.NONE, StreamWriter.started(1));
            default -> {
                log.project();
                afterwards(code);
            }
        }
    }

    private void written(int sequence, Placement place, EventBody body) {
        put(sequence, place, body);
        log.project();
    }

    private void afterwards(ViolationCode code) {
        switch (code) {
            case FOREIGN_RECORD -> log.append(new ProducerRecord<>(events(), bytes("no event")));
            case WRONG_PARTITION ->
                    log.append(EventRecord.fence(events(), ELSEWHERE, Attempt.first(0)));
            case MALFORMED -> withValue(1, bytes("{}"));
            case KEY_MISMATCH -> withValue(1, other().records().get(1).value());
            case HEADER_MISMATCH -> withHeader(1, EventHeaders.TYPE, bytes("stream.warning"));
            case PRESENCE_MISMATCH -> withHeader(1, EventHeaders.PRESENCE, new byte[0]);
            case START_MISSING -> log.events.remove(index(0));
            case SEQUENCE_GAP -> log.events.remove(index(1));
            case SEQUENCE_REPEATED ->
                    log.insertBehind(index(1), WrittenPartition.copy(log.events.get(index(1))));
            case ATTEMPT_OUT_OF_TURN -> log.events.remove(index(5) - 1);
            case EPOCH_UNCLAIMED -> unclaimed();
            case READER_DISAGREEMENT -> log.readers = Damage::acceptingWhatIsFenced;
            case AFTER_TERMINAL ->
                    log.append(victim.record(2, victim.next(), Placement.NONE, status()));
            case NEVER_ENDED -> cutOff();
            case NEVER_STARTED ->
                    WrittenPartition.append(log.commands, StreamWriter.startOf(UNKNOWN));
            case DONE_MISSING ->
                    log.commands.remove(WrittenPartition.indexOf(log.commands, victim.id()));
            case DONE_WITHOUT_END ->
                    WrittenPartition.append(log.commands, StreamWriter.doneOf(UNKNOWN, 1, 4));
            case DONE_MISMATCH ->
                    WrittenPartition.replace(
                            log.commands,
                            WrittenPartition.indexOf(log.commands, victim.id()),
                            StreamWriter.doneOf(victim.id(), 2, victim.next()));
            case RESPONSE_MISSING -> lose(ResultKind.RESPONSE);
            case RESPONSE_MISMATCH -> falsify(ResultKind.RESPONSE);
            case USAGE_MISSING -> lose(ResultKind.USAGE);
            case USAGE_MISMATCH -> falsify(ResultKind.USAGE);
            case COST_MISMATCH ->
                    falsify(ResultKind.USAGE, "\"rate\":\"1.25\"", "\"rate\":\"1.24\"");
            case USAGE_REPEATED -> {
                var rows = log.results(ResultKind.USAGE);
                WrittenPartition.append(rows, WrittenPartition.copy(rows.get(at(rows))));
            }
            case RESULT_MISPLACED -> misplace();
            case RESULT_WITHOUT_END -> endLater();
            case RESULT_WITHOUT_STREAM ->
                    WrittenPartition.append(
                            log.results(ResultKind.RESPONSE),
                            WrittenPartition.result(
                                    ResultKind.RESPONSE,
                                    UNKNOWN,
                                    0,
                                    10,
                                    StreamWriter.BEGAN_AT,
                                    bytes("{}")));
            case RESPONSE_NOT_ERASED ->
                    WrittenPartition.append(log.erasures, WrittenPartition.erasureOf(victim.id()));
            case ITEM_NOT_STARTED,
                    ITEM_STARTED_TWICE,
                    ITEM_NOT_COMPLETED,
                    LANE_MISMATCH,
                    LANE_NOT_COMPLETED,
                    START_REPEATED ->
                    throw new IllegalArgumentException(code + " changes what is folded");
        }
    }

    /* Under the epoch of a command that is no claim, behind the end: no reader minds. */
    private void unclaimed() {
        log.append(StreamWriter.fenceOf(victim.id(), log.commands.size() - 1L));
    }

    private void put(int sequence, Placement place, EventBody body) {
        int index = index(sequence);
        int attempt = sequence < 5 ? 1 : 2;
        WrittenPartition.replace(log.events, index, victim.record(attempt, sequence, place, body));
    }

    private void withValue(int sequence, byte[] value) {
        var before = WrittenPartition.copy(log.events.get(index(sequence)));
        WrittenPartition.replace(
                log.events,
                index(sequence),
                new ProducerRecord<>(
                        before.topic(), before.partition(), before.key(), value, before.headers()));
    }

    private void withHeader(int sequence, String name, byte[] value) {
        var copy = WrittenPartition.copy(log.events.get(index(sequence)));
        copy.headers().remove(name).add(name, value);
        WrittenPartition.replace(log.events, index(sequence), copy);
    }

    /* As if it had gone on no further, and nobody had said otherwise. */
    private void cutOff() {
        log.events.remove(index(9));
        log.commands.remove(WrittenPartition.indexOf(log.commands, victim.id()));
        lose(ResultKind.RESPONSE);
        lose(ResultKind.USAGE);
    }

    /* A result of an end that the log does not have, while it may still come. */
    private void endLater() {
        log.closed = false;
        log.events.remove(index(9));
        log.commands.remove(WrittenPartition.indexOf(log.commands, victim.id()));
        lose(ResultKind.USAGE);
    }

    private void lose(ResultKind kind) {
        log.results(kind).remove(at(log.results(kind)));
    }

    /* The model that served stands in responses and rows alike. */
    private void falsify(ResultKind kind) {
        falsify(kind, "\"gpt-5\"", "\"gpt-4\"");
    }

    private void falsify(ResultKind kind, String text, String other) {
        var topic = log.results(kind);
        var before = WrittenPartition.copy(topic.get(at(topic)));
        var value = new String(before.value(), StandardCharsets.UTF_8);
        WrittenPartition.replace(
                topic,
                at(topic),
                new ProducerRecord<>(
                        before.topic(),
                        before.partition(),
                        before.timestamp(),
                        before.key(),
                        bytes(value.replace(text, other)),
                        before.headers()));
    }

    private void misplace() {
        var topic = log.results(ResultKind.USAGE);
        var copy = WrittenPartition.copy(topic.get(at(topic)));
        copy.headers()
                .remove("firstOffset")
                .add("firstOffset", ByteBuffer.allocate(8).putLong(1).array());
        WrittenPartition.replace(topic, at(topic), copy);
    }

    /* A reader that has forgotten about fences. */
    private static Readers.Reader acceptingWhatIsFenced(Attempt attempt, long next) {
        var guarded = Readers.guarded().expecting(attempt, next);
        return new Readers.Reader() {
            @Override
            public void fence(Attempt newAttempt) {
                guarded.fence(newAttempt);
            }

            @Override
            public Verdict admit(EventHeaders headers) {
                var verdict = guarded.admit(headers);
                return verdict == Verdict.FENCED ? Verdict.ACCEPTED : verdict;
            }
        };
    }

    private int index(int sequence) {
        return log.accepted(victim.id()).get(sequence);
    }

    private int at(List<WrittenPartition.Placed> topic) {
        return WrittenPartition.indexOf(topic, victim.id());
    }

    private static StreamWriter other() {
        return StreamWriter.plain(97);
    }

    private static Status status() {
        return Status.of(Status.IN_PROGRESS);
    }

    private static String events() {
        return WrittenPartition.TOPICS.events().name();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
