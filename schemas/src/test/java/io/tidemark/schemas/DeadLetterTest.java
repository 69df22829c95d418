package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schemas.DeadLetter.Reason;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.Optional;

class DeadLetterTest {
    private static final byte[] KEY = {1, 2, 3};
    private static final byte[] PROMPT = {4, 5};

    private static ConsumerRecord<byte[], byte[]> command(byte @Nullable [] value) {
        return new ConsumerRecord<>(
                "commands",
                3,
                41,
                1_795_000_000_000L,
                TimestampType.LOG_APPEND_TIME,
                KEY.length,
                value == null ? -1 : value.length,
                KEY,
                value,
                new RecordHeaders().add("traceparent", PROMPT),
                Optional.empty());
    }

    /** As it is when somebody reads it. */
    private static ConsumerRecord<byte[], byte[]> read(ProducerRecord<byte[], byte[]> written) {
        return new ConsumerRecord<>(
                written.topic(),
                written.partition(),
                7,
                written.timestamp(),
                TimestampType.CREATE_TIME,
                0,
                0,
                written.key(),
                written.value(),
                written.headers(),
                Optional.empty());
    }

    @Test
    void copiesTheCommandToItsPartitionWithItsTimeAndNoneOfItsHeaders() {
        var letter = DeadLetter.of(command(PROMPT), Reason.MALFORMED, "model");

        var record = letter.record("dead-letters", command(PROMPT));

        assertThat(record.partition()).isEqualTo(3);
        assertThat(record.timestamp()).isEqualTo(1_795_000_000_000L);
        assertThat(record.key()).isEqualTo(KEY);
        assertThat(record.value()).isEqualTo(PROMPT);
        assertThat(record.headers().lastHeader("traceparent")).isNull();
        assertThat(DeadLetter.read(read(record)))
                .isEqualTo(new DeadLetter("malformed", "commands", 3, 41, "model", null));
    }

    @Test
    void tellsAValueThatWasLeftOutFromOneThatNeverWas() {
        var large =
                DeadLetter.of(command(PROMPT), Reason.DUPLICATE, null).leavingOut(PROMPT.length);
        var none = DeadLetter.of(command(null), Reason.NO_VALUE, null);

        var shortened = large.record("dead-letters", command(PROMPT));
        var empty = none.record("dead-letters", command(null));

        assertThat(shortened.value()).isNull();
        assertThat(DeadLetter.read(read(shortened)).valueLeftOut()).isEqualTo(2);
        assertThat(empty.value()).isNull();
        assertThat(DeadLetter.read(read(empty)).valueLeftOut()).isNull();
    }

    @Test
    void refusesARecordThatIsNone() {
        assertThatThrownBy(() -> DeadLetter.read(command(PROMPT)))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessage("header reason: is missing");
    }
}
