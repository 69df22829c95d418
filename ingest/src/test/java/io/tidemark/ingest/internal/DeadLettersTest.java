package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import io.tidemark.schemas.DeadLetter.Reason;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

class DeadLettersTest {
    private static final byte[] PROMPT = "hunter2".getBytes(StandardCharsets.UTF_8);

    private final TestLetters topic = new TestLetters();
    private final DeadLetters.Source source = topic.source();

    /** A command of the time that its offset is. */
    private static ConsumerRecord<byte[], byte[]> command(long offset) {
        return command(offset, offset, PROMPT.length);
    }

    private static ConsumerRecord<byte[], byte[]> command(
            long offset, long timestamp, int valueBytes) {
        return new ConsumerRecord<>(
                "commands",
                0,
                offset,
                timestamp,
                TimestampType.LOG_APPEND_TIME,
                0,
                valueBytes,
                new byte[0],
                PROMPT,
                new RecordHeaders(),
                Optional.empty());
    }

    private static void setAside(DeadLetters.Source source, long offset) {
        source.setAside(command(offset), Reason.MALFORMED, "model");
    }

    @Test
    void writesWhatItIsGivenInOrder() {
        for (int offset = 3; offset < 50; offset += 2) {
            setAside(source, offset);
        }

        assertThat(topic.awaitOffsets(24)).isSorted().startsWith(3L).endsWith(49L);
        assertThat(topic.written().getFirst().value()).isEqualTo(PROMPT);
    }

    @Test
    void passesByWhatOneOwnerReadsTwice() {
        setAside(source, 3);
        setAside(source, 4);
        setAside(source, 3);
        setAside(source, 5);

        assertThat(topic.awaitOffsets(3)).containsExactly(3L, 4L, 5L);
        assertThat(topic.counted()).isEqualTo(3);
    }

    @Test
    void passesByWhatTheOwnerBeforeHasSetAside() {
        setAside(source, 3);
        setAside(source, 7);
        assertThat(topic.awaitOffsets(2)).hasSize(2);
        topic.handOver();
        var next = topic.source();

        setAside(next, 3);
        setAside(next, 7);
        setAside(next, 8);

        assertThat(topic.awaitOffsets(1)).containsExactly(8L);
        assertThat(topic.awaitOutcome("known")).isEqualTo(2);
    }

    @Test
    void takesALowerOffsetOfALaterTimeForOneOfATopicThatWasMadeAnew() {
        setAside(source, 70);
        assertThat(topic.awaitOffsets(1)).hasSize(1);
        topic.handOver();

        topic.source().setAside(command(2, 71, 1), Reason.NO_VALUE, null);

        assertThat(topic.awaitOffsets(1)).containsExactly(2L);
    }

    @Test
    void leavesOutAValueThatKafkaFindsTooLarge() {
        topic.hold();
        setAside(source, 3);

        topic.refuse(new RecordTooLargeException());
        topic.acknowledge();

        assertThat(topic.awaitOutcome("shortened")).isEqualTo(1);
        assertThat(topic.letters(2).getLast().valueLeftOut()).isEqualTo(PROMPT.length);
        assertThat(topic.written().getLast().value()).isNull();
    }

    @Test
    void holdsTheWatermarkUntilKafkaHasIt() {
        topic.hold();
        setAside(source, 3);
        setAside(source, 5);
        assertThat(source.oldestWaiting()).isEqualTo(3);

        topic.acknowledge();
        await().atMost(Duration.ofSeconds(10)).until(() -> source.oldestWaiting() == 5);
        topic.acknowledge();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> source.oldestWaiting() == Long.MAX_VALUE);
    }

    @Test
    void countsWhatKafkaRefusesAndLetsTheWatermarkPassWithoutAWordOfThePrompt() {
        var logger = (Logger) LoggerFactory.getLogger(DeadLetters.class);
        var logged = new ListAppender<ILoggingEvent>();
        logged.start();
        logger.addAppender(logged);
        topic.hold();
        setAside(source, 3);

        topic.refuse(new KafkaException("hunter2"));

        assertThat(topic.awaitOutcome("refused")).isEqualTo(1);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> source.oldestWaiting() == Long.MAX_VALUE);
        logger.detachAppender(logged);
        assertThat(logged.list)
                .extracting(ILoggingEvent::getMessage)
                .containsExactly("command cannot be taken, set aside", "command not set aside");
        assertThat(logged.list)
                .allSatisfy(event -> {
                    assertThat(event.getKeyValuePairs().toString()).doesNotContain("hunter2");
                    var thrown = event.getThrowableProxy();
                    assertThat(thrown == null ? "" : thrown.getMessage()).doesNotContain("hunter2");
                });
    }

    /* Each would cost as long a wait, and all others with it. */
    @Test
    void whatKafkaDoesNotAnswerForKeepsNoOtherPartitionWaiting() {
        var other = topic.source();
        topic.hold();
        setAside(source, 3);
        setAside(source, 4);
        setAside(other, 5);
        setAside(source, 6);

        topic.refuse(new TimeoutException("no leader"));
        topic.acknowledge();

        assertThat(topic.awaitOutcome("whole")).isEqualTo(1);
        assertThat(topic.awaitOffsets(2)).containsExactly(3L, 5L);
        assertThat(topic.awaitOutcome("refused")).isEqualTo(3);
        assertThat(source.oldestWaiting()).isEqualTo(Long.MAX_VALUE);
        setAside(source, 7);
        topic.acknowledge();
        assertThat(topic.awaitOffsets(3)).containsExactly(3L, 5L, 7L);
    }

    @Test
    void whatKafkaAnswersForIsRefusedAlone() {
        topic.hold();
        setAside(source, 3);
        setAside(source, 4);

        topic.refuse(new KafkaException("not authorised"));
        topic.acknowledge();

        assertThat(topic.awaitOutcome("whole")).isEqualTo(1);
        assertThat(topic.awaitOffsets(2)).containsExactly(3L, 4L);
    }

    @Test
    void forgetsWhatFindsNoRoom() {
        topic.hold();
        for (int offset = 0; offset <= DeadLetters.WAITING_MAX; offset++) {
            setAside(source, offset);
        }

        assertThat(topic.awaitOutcome("no_room")).isEqualTo(1);
        assertThat(source.oldestWaiting()).isZero();
    }

    @Test
    void forgetsWhatIsTooMuchInBytes() {
        topic.hold();
        int half = (int) (DeadLetters.WAITING_BYTES_MAX / 2);
        source.setAside(command(1, 1, half), Reason.MALFORMED, null);
        source.setAside(command(2, 2, half), Reason.MALFORMED, null);
        source.setAside(command(3, 3, 1), Reason.MALFORMED, null);

        assertThat(topic.awaitOutcome("no_room")).isEqualTo(1);
    }

    @Test
    void leavesWhatWaitsToTheNextOwner() {
        topic.hold();
        setAside(source, 3);
        setAside(source, 4);
        assertThat(topic.awaitOffsets(1)).containsExactly(3L);
        source.release();
        setAside(source, 5);

        topic.acknowledge();
        assertThat(topic.awaitOutcome("whole")).isEqualTo(1);
        setAside(topic.source(), 9);

        assertThat(topic.awaitOffsets(2)).containsExactly(3L, 9L);
    }
}
