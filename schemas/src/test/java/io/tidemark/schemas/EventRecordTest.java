package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.schemas.DeltaBody.TextDelta;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;

class EventRecordTest {
    private static final StreamId ID = StreamId.parse("01M7WPCSG0002G28T5CY4TQKFF");
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static final Attempt FIRST = Attempt.first(0);
    private static final StreamEvent EVENT =
            new StreamEvent(
                    ID,
                    0x0102_0304_0506_0708L,
                    1,
                    Placement.content(0, 0, null),
                    new TextDelta("a", null));

    @Test
    void anEventsRecordStandsOnThePartitionAndUnderTheKeyOfItsStream() {
        var record = EventRecord.of("t", EVENT, FIRST, null);

        assertThat(record.topic()).isEqualTo("t");
        assertThat(record.partition()).isEqualTo(ID.partition()).isEqualTo(5);
        assertThat(record.key()).isEqualTo(ID.key());
        assertThat(record.value()).isEqualTo(EventCodec.encode(EVENT));
    }

    @Test
    void headersAreTheBytesOfTheProtocol() {
        var headers =
                EventRecord.of("t", EVENT, new Attempt(0x0506_0708_090AL, 0x000B_0C0D), TRACE)
                        .headers();

        assertThat(headers.toArray()).hasSize(5);
        assertThat(header(headers, "type")).isEqualTo("text.delta".getBytes(UTF_8));
        assertThat(header(headers, "sequence")).isEqualTo(hex("0102030405060708"));
        assertThat(header(headers, "epoch")).isEqualTo(hex("000005060708090a"));
        assertThat(header(headers, "attempt")).isEqualTo(hex("000b0c0d"));
        assertThat(header(headers, "traceparent")).isEqualTo(TRACE.getBytes(UTF_8));
    }

    @Test
    void thereIsNoTraceHeaderWithoutATrace() {
        assertThat(EventRecord.of("t", EVENT, FIRST, null).headers().lastHeader("traceparent"))
                .isNull();
    }

    @Test
    void onlyAStreamWhoseReadersMatterHasThePresenceHeader() {
        var heeded = EventRecord.of("t", EVENT, FIRST, null, true, null);
        var other = EventRecord.of("t", EVENT, FIRST, null, false, null);

        assertThat(header(heeded.headers(), "presence")).isEmpty();
        assertThat(other.headers().lastHeader("presence")).isNull();
        assertThat(presence(heeded)).isTrue();
        assertThat(presence(other)).isFalse();
    }

    private static boolean presence(ProducerRecord<byte[], byte[]> record) {
        return headers(record).presence();
    }

    private static EventHeaders headers(ProducerRecord<byte[], byte[]> record) {
        return ((EventRecord.Entry) EventRecord.of(consumed(record))).headers();
    }

    @Test
    void onlyAStreamOfATenantHasTheTenantHeader() {
        var owned = EventRecord.of("t", EVENT, FIRST, null, false, "acme");
        var other = EventRecord.of("t", EVENT, FIRST, null);

        assertThat(header(owned.headers(), "tenant")).isEqualTo("acme".getBytes(UTF_8));
        assertThat(other.headers().lastHeader("tenant")).isNull();
        assertThat(headers(owned).tenant()).isEqualTo("acme");
        assertThat(headers(other).tenant()).isNull();
    }

    @Test
    void anEntryIsReadBackFromItsRecord() {
        var read = EventRecord.of(consumed(EventRecord.of("t", EVENT, new Attempt(7, 3), TRACE)));

        assertThat(read).isInstanceOf(EventRecord.Entry.class);
        var entry = (EventRecord.Entry) read;
        assertThat(entry.id()).isEqualTo(ID);
        assertThat(entry.headers())
                .isEqualTo(
                        new EventHeaders("text.delta", EVENT.sequence(), new Attempt(7, 3), TRACE));
        assertThat(EventCodec.decode(entry.value())).isEqualTo(EVENT);
    }

    @Test
    void aFenceIsTheKeyTheAttemptAndNothingElse() {
        var record = EventRecord.fence("t", ID, new Attempt(258, 2));

        assertThat(record.partition()).isEqualTo(5);
        assertThat(record.key()).isEqualTo(ID.key());
        assertThat(record.value()).isNull();
        assertThat(record.headers().toArray()).hasSize(2);
        assertThat(header(record.headers(), "epoch")).isEqualTo(hex("0000000000000102"));
        assertThat(header(record.headers(), "attempt")).isEqualTo(hex("00000002"));
        assertThat(EventRecord.of(consumed(record)))
                .isEqualTo(new EventRecord.Fence(ID, new Attempt(258, 2)));
    }

    @Test
    void aRecordWithoutAnEpochHasTheLowest() {
        var record = consumed(EventRecord.fence("t", ID, new Attempt(258, 2)));
        record.headers().remove("epoch");

        assertThat(EventRecord.of(record)).isEqualTo(new EventRecord.Fence(ID, new Attempt(0, 2)));
    }

    @Test
    void anEntrysTextShowsSizesOnly() {
        var read = EventRecord.of(consumed(EventRecord.of("t", EVENT, FIRST, null)));

        assertThat(read)
                .hasToString(
                        "Entry[id=%s, headers=%s, bytes=%d]",
                        ID,
                        new EventHeaders("text.delta", EVENT.sequence(), FIRST, null),
                        EventCodec.encode(EVENT).length);
    }

    /** A way in which a record is not ours, and what is said about it. */
    record Oddity(String problem, Consumer<Headers> change) {
        @Override
        public String toString() {
            return problem;
        }
    }

    static Stream<Oddity> oddities() {
        return Stream.of(
                new Oddity("no header type", headers -> headers.remove("type")),
                new Oddity(
                        "header sequence: must have 8 bytes",
                        headers -> headers.remove("sequence")),
                new Oddity("header sequence: must have 8 bytes", put("sequence", "00000001")),
                new Oddity("header sequence: must have 8 bytes", put("sequence", "")),
                new Oddity(
                        "header sequence: must not be negative, was -1",
                        put("sequence", "ffffffffffffffff")),
                new Oddity("header epoch: must have 8 bytes", put("epoch", "00000001")),
                new Oddity(
                        "header epoch: must not be negative, was -1",
                        put("epoch", "ffffffffffffffff")),
                new Oddity(
                        "header attempt: must have 4 bytes", headers -> headers.remove("attempt")),
                new Oddity(
                        "header attempt: must have 4 bytes",
                        headers -> headers.add("attempt", null)),
                new Oddity("header attempt: must have 4 bytes", put("attempt", "0000000000000001")),
                new Oddity(
                        "header attempt: must not be negative, was -2147483648",
                        put("attempt", "80000000")),
                new Oddity(
                        "attempt must be 0 to 1000000, was 1000001", put("attempt", "000f4241")));
    }

    @ParameterizedTest
    @MethodSource("oddities")
    void aRecordWithOddHeadersIsForeign(Oddity oddity) {
        var record = consumed(EventRecord.of("t", EVENT, FIRST, null));
        oddity.change().accept(record.headers());

        assertThat(EventRecord.of(record)).isEqualTo(new EventRecord.Foreign(oddity.problem()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "user-4711",
                "01m7wpcsg0002g28t5cy4tqkff",
                "01M7WPCSG0002G28T5CY4TQKF\u00ff"
            })
    void aRecordWithAnotherKeyIsForeign(String key) {
        var record = record(key.getBytes(UTF_8), new byte[0]);

        assertThat(EventRecord.of(record)).isInstanceOf(EventRecord.Foreign.class);
    }

    @Test
    void aRecordWithoutAKeyIsForeign() {
        assertThat(EventRecord.of(record(null, new byte[0])))
                .isEqualTo(new EventRecord.Foreign("no key"));
    }

    @Test
    void aTombstoneWithoutAnAttemptIsForeign() {
        assertThat(EventRecord.of(record(ID.key(), null))).isInstanceOf(EventRecord.Foreign.class);
    }

    @Test
    void whateverStandsInARecordNothingIsThrownAndNothingShown() {
        Seeds.forEach(
                2000,
                any -> {
                    var values = any.values();
                    var record =
                            record(
                                    values.maybe(() -> bytes(values)),
                                    values.maybe(() -> bytes(values)));
                    for (var name : new String[] {"type", "sequence", "attempt", "traceparent"}) {
                        if (values.flag()) {
                            record.headers().add(name, values.maybe(() -> bytes(values)));
                        }
                    }

                    assertThat(EventRecord.of(record).toString())
                            .doesNotContain(RandomValues.CANARY);
                });
    }

    private static byte[] bytes(RandomValues values) {
        return values.flag() ? ID.key() : values.content().getBytes(UTF_8);
    }

    private static Consumer<Headers> put(String name, String hex) {
        return headers -> headers.remove(name).add(name, hex(hex));
    }

    private static byte[] header(Headers headers, String name) {
        return headers.lastHeader(name).value();
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> record) {
        var consumed = record(record.key(), record.value());
        record.headers().forEach(consumed.headers()::add);
        return consumed;
    }

    /* Kafka's own types say nothing of nullness; a consumed record may lack both. */
    @SuppressWarnings("NullAway")
    private static ConsumerRecord<byte[], byte[]> record(
            byte @Nullable [] key, byte @Nullable [] value) {
        return new ConsumerRecord<>("t", 5, 0, key, value);
    }
}
