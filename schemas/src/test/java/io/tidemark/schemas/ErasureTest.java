package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

final class ErasureTest {
    private static final StreamId ID = StreamId.parse("01M7WPCSG0002G28T5CY4TQKFF");
    private static final int PARTITION = ID.partition();
    private static final Erasure OF_ACME = new Erasure(ID, 1_795_185_600_000L, "acme");
    private static final String GOLDEN =
            "{\"requestId\":\"01M7WPCSG0002G28T5CY4TQKFF\",\"at\":1795185600000,\"tenant\":\"acme\"}";

    @Test
    void isWrittenAndReadAsTheGoldenFilesSay() throws Exception {
        assertThat(Goldens.in("erasures"))
                .hasSize(2)
                .allSatisfy(golden -> {
                    var erasure = Erasure.of(PARTITION, ID.key(), golden.bytes());
                    assertThat(erasure.record("erasures").value())
                            .asString(StandardCharsets.UTF_8)
                            .isEqualTo(golden.json());
                });
    }

    @Test
    void isWrittenUnderItsStreamsId() {
        var record = OF_ACME.record("tidemark.erasures");

        assertThat(record.value()).asString(StandardCharsets.UTF_8).isEqualTo(GOLDEN);
        assertThat(record.key()).isEqualTo(ID.key());
        assertThat(record.partition()).isEqualTo(PARTITION);
    }

    @Test
    void isReadAsItWasWritten() {
        var erasure = new Erasure(ID, 17, null);
        var written = erasure.record("erasures");

        assertThat(Erasure.of(consumed(PARTITION, written.key(), written.value())))
                .isEqualTo(erasure);
    }

    @Test
    void ignoresFieldsOfLaterVersions() {
        var later = GOLDEN.replace("}", ",\"reason\":\"asked for\"}");

        assertThat(Erasure.of(PARTITION, ID.key(), bytes(later))).isEqualTo(OF_ACME);
    }

    @Test
    void isNoneOfAnotherStreamOrPartition() {
        var other = StreamId.parse("01M7WPCSG0002G28T5CY4TQKFG");

        assertRefused("key", PARTITION, other.key(), bytes(GOLDEN));
        assertRefused("key", PARTITION, null, bytes(GOLDEN));
        assertRefused("requestId", PARTITION + 1, ID.key(), bytes(GOLDEN));
    }

    @Test
    void isNoneWithoutWhatItNeeds() {
        assertRefused("value", PARTITION, ID.key(), null);
        assertRefused("value", PARTITION, ID.key(), bytes("erase it"));
        assertRefused("value", PARTITION, ID.key(), bytes("{\"at\":1}"));
        assertRefused("at", PARTITION, ID.key(), bytes("{\"requestId\":\"" + ID + "\",\"at\":-1}"));
    }

    @Test
    void isKnownForLongerThanAnyCopyIsKept() {
        var topics = Topics.defaults();

        assertThat(topics.erasureRetention())
                .isGreaterThan(topics.resultRetention())
                .isGreaterThan(topics.eventRetention());
        assertThat(topics.erasures().promises())
                .filteredOn(promise -> promise.key().equals("retention.ms"))
                .singleElement()
                .satisfies(promise -> {
                    assertThat(promise.keptBy("-1")).isTrue();
                    assertThat(promise.keptBy(millis(topics.erasureRetention()))).isTrue();
                    assertThat(promise.keptBy(millis(topics.resultRetention()))).isFalse();
                });
    }

    @Test
    void isKeptByTopicsThatAreCompactedInTime() {
        var promise = Topics.FORGETS_WHAT_IS_ERASED;

        assertThat(Topics.defaults().responses().promises()).contains(promise);
        assertThat(promise.keptBy("86400000")).isTrue();
        assertThat(promise.keptBy("86400001")).isFalse();
        assertThat(promise.keptBy("9223372036854775807")).isFalse();
        assertThat(promise.keptBy("nothing")).isFalse();
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    private static void assertRefused(
            String field, int partition, byte @Nullable [] key, byte @Nullable [] value) {
        assertThatThrownBy(() -> Erasure.of(partition, key, value))
                .isInstanceOfSatisfying(
                        MalformedRecordException.class,
                        e -> assertThat(e.field()).isEqualTo(field));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ConsumerRecord<byte[], byte[]> consumed(
            int partition, byte[] key, byte[] value) {
        return new ConsumerRecord<>("erasures", partition, 0, key, value);
    }
}
