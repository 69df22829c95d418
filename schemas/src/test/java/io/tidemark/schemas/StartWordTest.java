package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartWordTest {
    private static final StreamId ID = StreamId.parse("01M7WPCSG0002G28T5CY4TQKFF");
    private static final StartKey KEY = new StartKey("A".repeat(43));
    private static final StartWord CLAIM = new StartWord.Claim(ID, 1, "print", "me", 40_000);

    private static StartWord decode(String json) {
        return StartWord.decode(json.getBytes(UTF_8));
    }

    @Test
    void aWordIsWrittenAsTheProtocolSays() {
        assertThat(CLAIM.encode())
                .asString(UTF_8)
                .isEqualTo(
                        """
                        {"type":"claim","requestId":"01M7WPCSG0002G28T5CY4TQKFF","at":1,\
                        "fingerprint":"print","claimant":"me","holdMs":40000}\
                        """);
        assertThat(new StartWord.Started(ID, 2).encode())
                .asString(UTF_8)
                .isEqualTo(
                        """
                        {"type":"started","requestId":"01M7WPCSG0002G28T5CY4TQKFF","at":2}\
                        """);
    }

    @Test
    void whatIsWrittenIsRead() {
        assertThat(StartWord.decode(CLAIM.encode())).isEqualTo(CLAIM);
        var started = new StartWord.Started(ID, 2);
        assertThat(StartWord.decode(started.encode())).isEqualTo(started);
    }

    @Test
    void theWordsOfAKeyStandInOnePartition() {
        var record = KEY.record("t", 7, CLAIM);

        assertThat(record.partition()).isEqualTo(KEY.partition(7)).isBetween(0, 6);
        assertThat(StartKey.of(new ConsumerRecord<>("t", 0, 0, record.key(), record.value())))
                .isEqualTo(KEY);
    }

    @Test
    void aTypeOfALaterVersionIsUnknownAndNeverWritten() {
        var unknown = decode("{\"type\":\"released\",\"at\":3}");

        assertThat(unknown).isEqualTo(new StartWord.Unknown("released", 3));
        assertThatIllegalArgumentException().isThrownBy(unknown::encode);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type | {}",
                "value | []",
                "requestId | {\"type\":\"started\",\"requestId\":\"x\",\"at\":1}",
                "holdMs | {\"type\":\"claim\",\"requestId\":\"01M7WPCSG0002G28T5CY4TQKFF\",\"at\":1,"
                        + "\"fingerprint\":\"f\",\"claimant\":\"c\",\"holdMs\":86400001}",
                "claimant | {\"type\":\"claim\",\"requestId\":\"01M7WPCSG0002G28T5CY4TQKFF\",\"at\":1,"
                        + "\"fingerprint\":\"f\",\"claimant\":\"\",\"holdMs\":1}"
            })
    void whatNoEdgeWritesIsRefusedByName(String field, String json) {
        assertThatThrownBy(() -> decode(json))
                .isInstanceOfSatisfying(
                        MalformedRecordException.class,
                        e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void aRecordWithoutAKeyOrAValueIsMalformed() {
        var record = new ConsumerRecord<byte[], byte[]>("t", 0, 0, null, null);

        assertThatThrownBy(() -> StartKey.of(record)).isInstanceOf(MalformedRecordException.class);
        assertThatThrownBy(() -> StartWord.decode(null))
                .isInstanceOf(MalformedRecordException.class);
    }
}
