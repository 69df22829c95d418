package io.tidemark.auditor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.auditor.Count;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

class AuditPropertyTest {
    private static final int STREAMS = 3;
    private static final int CASES = 50;

    /** What can happen to one record that counts. */
    enum Corruption {
        DROPPED,
        DUPLICATED,
        SWAPPED_WITH_THE_NEXT,
        ATTEMPT_RAISED,
        ATTEMPT_LOWERED,
        TEXT_CHANGED
    }

    @Test
    void validStreamsHaveNoViolations() {
        Seeds.forEach(
                CASES,
                random -> {
                    var report = new RandomStreams(random).partition(STREAMS).audit();

                    assertThat(report.violations()).isEmpty();
                    assertThat(report.count(Count.STREAMS)).isEqualTo(STREAMS);
                    assertThat(report.count(Count.NOT_COMPARED)).isZero();
                });
    }

    @Test
    void validStreamsHaveRecordsThatAreDroppedBehindFences() {
        var random = new Random(1);
        long fenced = 0;
        for (int i = 0; i < CASES; i++) {
            fenced += new RandomStreams(random).partition(STREAMS).audit().count(Count.FENCED);
        }

        assertThat(fenced).isGreaterThan(CASES);
    }

    @ParameterizedTest
    @EnumSource(Corruption.class)
    void oneCorruptRecordIsFound(Corruption corruption) {
        Seeds.forEach(
                CASES,
                random -> {
                    var log = new RandomStreams(random).partition(STREAMS);
                    var id = StreamWriter.id(StreamWriter.PARTITION, random.nextInt(STREAMS));
                    corrupt(corruption, log, id, random);

                    assertThat(log.audit().violations())
                            .isNotEmpty()
                            .allSatisfy(found -> assertThat(found.requestId()).isEqualTo(id));
                });
    }

    /* The results are those of the log as it was, as they are when the log is damaged later. */
    private static void corrupt(
            Corruption corruption, WrittenPartition log, StreamId id, Random random) {
        var accepted = log.accepted(id);
        int sequence = random.nextInt(accepted.size());
        int index = accepted.get(sequence);
        switch (corruption) {
            case DROPPED -> log.events.remove(index);
            case DUPLICATED ->
                    log.insertBehind(index, WrittenPartition.copy(log.events.get(index)));
            case SWAPPED_WITH_THE_NEXT -> {
                int first = Math.min(sequence, accepted.size() - 2);
                swap(log, accepted.get(first), accepted.get(first + 1));
            }
            case ATTEMPT_RAISED -> withAttempt(log, index, 1);
            case ATTEMPT_LOWERED -> withAttempt(log, index, -1);
            case TEXT_CHANGED -> changeText(log, texts(log, accepted), random);
        }
    }

    private static void swap(WrittenPartition log, int one, int other) {
        var first = WrittenPartition.copy(log.events.get(one));
        var second = WrittenPartition.copy(log.events.get(other));
        WrittenPartition.replace(log.events, one, second);
        WrittenPartition.replace(log.events, other, first);
    }

    private static void withAttempt(WrittenPartition log, int index, int change) {
        int attempt = entry(log, index).headers().attempt().number() + change;
        var copy = WrittenPartition.copy(log.events.get(index));
        copy.headers()
                .remove(EventHeaders.ATTEMPT)
                .add(EventHeaders.ATTEMPT, ByteBuffer.allocate(4).putInt(attempt).array());
        WrittenPartition.replace(log.events, index, copy);
    }

    private static List<Integer> texts(WrittenPartition log, List<Integer> accepted) {
        return accepted.stream()
                .filter(index -> event(log, index).body() instanceof TextDelta)
                .toList();
    }

    private static void changeText(WrittenPartition log, List<Integer> texts, Random random) {
        int index = texts.get(random.nextInt(texts.size()));
        var before = event(log, index);
        var text = new StringBuilder(((TextDelta) before.body()).text());
        text.setCharAt(random.nextInt(text.length()), '!');
        var after =
                new StreamEvent(
                        before.requestId(),
                        before.sequence(),
                        before.at(),
                        before.placement(),
                        new TextDelta(text.toString(), null));
        ProducerRecord<byte[], byte[]> changed =
                EventRecord.of(
                        WrittenPartition.TOPICS.events().name(),
                        after,
                        entry(log, index).headers().attempt(),
                        null);
        WrittenPartition.replace(log.events, index, changed);
    }

    private static StreamEvent event(WrittenPartition log, int index) {
        return EventCodec.decode(entry(log, index).value());
    }

    private static EventRecord.Entry entry(WrittenPartition log, int index) {
        return (EventRecord.Entry) EventRecord.of(log.events.get(index).record());
    }
}
