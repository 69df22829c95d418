package io.tidemark.projector.internal.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.projector.RebuildReport.Compared;
import io.tidemark.projector.SampleStream;
import io.tidemark.projector.internal.rebuild.Comparison.Keyed;
import io.tidemark.projector.internal.rebuild.Comparison.Span;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.Topics;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is published, and how much of it, comes with each poll, as a test says. */
final class ComparisonTest {
    private static final Topic OLDER = Topics.defaults().responses();
    private static final Topic NEWER = Topics.defaults().withGeneration(1).responses();
    private static final TopicPartition FROM = new TopicPartition(OLDER.name(), 0);
    private static final TopicPartition TO = new TopicPartition(NEWER.name(), 0);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

    @BeforeEach
    void beginAtZero() {
        consumer.updateBeginningOffsets(Map.of(FROM, 0L, TO, 0L));
    }

    private void ends(long older, long newer) {
        consumer.updateEndOffsets(Map.of(FROM, older, TO, newer));
    }

    private void nextPoll(List<ConsumerRecord<byte[], byte[]>> records) {
        consumer.schedulePollTask(() -> records.forEach(consumer::addRecord));
    }

    private Compared compared(Duration wait) {
        return compared(new Span(0, Long.MAX_VALUE, Keyed.BY_STREAM), wait);
    }

    private Compared compared(Span span, Duration wait) {
        return new Comparison(consumer, span, wait).of(OLDER, NEWER, 0);
    }

    @Test
    void countsWhatIsEqualChangedNewAndMissing() {
        ends(3, 3);
        nextPoll(
                List.of(record(FROM, 0, 1, "a"), record(FROM, 1, 2, "b"), record(FROM, 2, 3, "c")));
        nextPoll(List.of(record(TO, 0, 1, "a"), record(TO, 1, 2, "x"), record(TO, 2, 4, "d")));

        var compared = compared(Duration.ZERO);

        assertThat(compared.equal()).isEqualTo(1);
        assertThat(compared.changedKeys()).containsExactly(id(2));
        assertThat(compared.added()).isEqualTo(1);
        assertThat(compared.missingKeys()).containsExactly(id(3));
    }

    /** The newer ones grow while they are read, and a poll brings more than there was. */
    @Test
    void hasWhatComesWithTheLastPollBehindTheEnd() {
        ends(2, 1);
        nextPoll(List.of(record(FROM, 0, 1, "a"), record(FROM, 1, 2, "b")));
        nextPoll(List.of(record(TO, 0, 1, "a"), record(TO, 1, 2, "b"), record(TO, 2, 3, "c")));

        var compared = compared(LONG);

        assertThat(compared.missing()).isZero();
        assertThat(compared.equal()).isEqualTo(2);
        assertThat(compared.added()).isEqualTo(1);
    }

    @Test
    void doesNotAskForWhatTheOlderOneGotAfterItBegan() {
        ends(1, 1);
        nextPoll(List.of(record(FROM, 0, 1, "a"), record(FROM, 1, 2, "b")));
        nextPoll(List.of(record(TO, 0, 1, "a")));

        assertThat(compared(LONG).missing()).isZero();
    }

    @Test
    void waitsForWhatIsOnItsWay() {
        ends(2, 1);
        nextPoll(List.of(record(FROM, 0, 1, "a"), record(FROM, 1, 2, "b")));
        nextPoll(List.of(record(TO, 0, 1, "a")));
        nextPoll(List.of());
        nextPoll(List.of(record(TO, 1, 2, "b")));

        assertThat(compared(LONG).equal()).isEqualTo(2);
    }

    @Test
    void takesTheLastOfEachKeyAndNoneThatWasTakenBack() {
        ends(3, 1);
        nextPoll(
                List.of(
                        record(FROM, 0, 1, "a"),
                        record(FROM, 1, 2, "b"),
                        record(FROM, 2, 1, null)));
        nextPoll(List.of(record(TO, 0, 2, "b")));

        var compared = compared(LONG);

        assertThat(compared.missing()).isZero();
        assertThat(compared.equal()).isEqualTo(1);
    }

    @Test
    void passesByWhatIsOfAnotherTimeOrNobodys() {
        ends(3, 0);
        var foreign = record(FROM, 2, "no id", "c", 1_500);
        nextPoll(
                List.of(
                        record(FROM, 0, id(1), "a", 999),
                        record(FROM, 1, id(2), "b", 2_000),
                        foreign));

        var compared = compared(new Span(1_000, 2_000, Keyed.BY_STREAM), LONG);

        assertThat(compared).isEqualTo(Compared.NONE);
    }

    @Test
    void aSumHasToBeTheSameBeforeItIsSettled() {
        ends(1, 1);
        nextPoll(List.of(record(FROM, 0, "minute", "7", 0)));
        nextPoll(List.of(record(TO, 0, "minute", "6", 0)));
        nextPoll(List.of(record(TO, 1, "minute", "7", 0)));

        var compared = compared(new Span(0, Long.MAX_VALUE, Keyed.BY_TEXT), LONG);

        assertThat(compared.equal()).isEqualTo(1);
        assertThat(compared.changed()).isZero();
    }

    private static String id(long number) {
        return SampleStream.of(0, number, 1).id().toString();
    }

    private static ConsumerRecord<byte[], byte[]> record(
            TopicPartition place, long offset, long number, @Nullable String value) {
        return record(place, offset, id(number), value, 1_000);
    }

    private static ConsumerRecord<byte[], byte[]> record(
            TopicPartition place, long offset, String key, @Nullable String value, long time) {
        return new ConsumerRecord<>(
                place.topic(),
                place.partition(),
                offset,
                time,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                key.getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8),
                new RecordHeaders(),
                Optional.empty());
    }
}
