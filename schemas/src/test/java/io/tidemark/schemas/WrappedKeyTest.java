package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

final class WrappedKeyTest {
    private static final StreamId ID = StreamId.parse("01M7WPCSG0002G28T5CY4TQKFF");
    private static final WrappedKey KEY = new WrappedKey(ID, 1_795_185_600_000L, "m1", "c2VjcmV0");

    @Test
    void isWrittenAndReadAsTheGoldenFilesSay() throws Exception {
        assertThat(Goldens.in("keys"))
                .isNotEmpty()
                .allSatisfy(golden -> {
                    var key = WrappedKey.of(consumed(ID.partition(), ID.key(), golden.bytes()));
                    assertThat(key.record("keys").value())
                            .asString(StandardCharsets.UTF_8)
                            .isEqualTo(golden.json());
                });
    }

    @Test
    void isWrittenUnderItsStreamsIdAndNeverBeforeIt() {
        long minted = ID.time().toEpochMilli();
        var early = new WrappedKey(ID, minted - 5, "m1", "c2VjcmV0").record("keys");
        var late = new WrappedKey(ID, minted + 5, "m1", "c2VjcmV0").record("keys");

        assertThat(early.key()).isEqualTo(ID.key());
        assertThat(early.partition()).isEqualTo(ID.partition());
        assertThat(early.timestamp()).isEqualTo(minted);
        assertThat(late.timestamp()).isEqualTo(minted + 5);
    }

    @Test
    void isDeletedByARecordWithoutAValue() {
        var deletion = WrappedKey.deletion("keys", ID);

        assertThat(deletion.key()).isEqualTo(ID.key());
        assertThat(deletion.partition()).isEqualTo(ID.partition());
        assertThat(deletion.value()).isNull();
    }

    @Test
    void isNoneOfAnotherStreamOrPartition() {
        byte[] value = KEY.record("keys").value();
        var other = StreamId.parse("01M7WPCSG0002G28T5CY4TQKFG");

        assertRefused("key", ID.partition(), other.key(), value);
        assertRefused("key", ID.partition(), null, value);
        assertRefused("requestId", ID.partition() + 1, ID.key(), value);
        assertRefused("value", ID.partition(), ID.key(), null);
        assertRefused(
                "value",
                ID.partition(),
                ID.key(),
                bytes("{\"requestId\":\"" + ID + "\",\"at\":1,\"wrapped\":\"\"}"));
    }

    @Test
    void showsNoKey() {
        assertThat(KEY.toString()).contains(ID.toString(), "m1").doesNotContain("c2VjcmV0");
    }

    @Test
    void isKeptAsLongAsThereCanBeAnythingToOpen() {
        var topics = Topics.defaults();

        assertThat(topics.keys().promises())
                .filteredOn(promise -> promise.key().equals("retention.ms"))
                .singleElement()
                .satisfies(promise -> {
                    assertThat(promise.keptBy(Long.toString(topics.eventRetention().toMillis())))
                            .isFalse();
                    assertThat(promise.keptBy("-1")).isTrue();
                });
    }

    private static void assertRefused(
            String field, int partition, byte @Nullable [] key, byte @Nullable [] value) {
        assertThatThrownBy(() -> WrappedKey.of(consumed(partition, key, value)))
                .isInstanceOfSatisfying(
                        MalformedRecordException.class,
                        e -> assertThat(e.field()).isEqualTo(field));
    }

    private static ConsumerRecord<byte[], byte[]> consumed(
            int partition, byte @Nullable [] key, byte @Nullable [] value) {
        return new ConsumerRecord<>("keys", partition, 0, key, value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
