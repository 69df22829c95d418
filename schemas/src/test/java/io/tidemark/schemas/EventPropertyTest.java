package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What holds for every event and every stream, over seeded random ones. */
class EventPropertyTest {
    @Test
    void decodingWhatWasEncodedGivesTheSameEvent() {
        Seeds.forEach(
                4000,
                any -> {
                    var event = any.event();
                    assertThat(EventCodec.decode(EventCodec.encode(event))).isEqualTo(event);
                });
    }

    @Test
    void encodingIsOneLineAndTheSameEachTime() {
        Seeds.forEach(
                1000,
                any -> {
                    var json = EventCodec.encode(any.event());

                    assertThat(new String(json, StandardCharsets.UTF_8))
                            .doesNotContainPattern("[\\x00-\\x1f]");
                    assertThat(EventCodec.encode(EventCodec.decode(json))).isEqualTo(json);
                });
    }

    @Test
    void everyEventIsValidAgainstTheShippedSchema() {
        Seeds.forEach(
                1000,
                any ->
                        assertThat(ShippedSchema.EVENT.problemsOf(EventCodec.encode(any.event())))
                                .isEmpty());
    }

    @Test
    void anEventOfAnUnknownTypeKeepsAllItCameWith() {
        Seeds.forEach(
                1000,
                any -> {
                    var raw = Json.object(EventCodec.encode(any.event()));
                    raw.put("type", "hologram.delta").set("extra", any.values().json());

                    var event = EventCodec.decode(raw);

                    assertThat(event.body())
                            .isEqualTo(new EventBody.Unknown("hologram.delta", raw));
                    assertThat(event.sequence()).isEqualTo(raw.get("sequence").longValue());
                });
    }

    @Test
    void foldingAPrefixThenTheRestGivesWhatFoldingTheWholeGives() {
        Seeds.forEach(
                300,
                any -> {
                    var events = any.stream(60);
                    var inOneGo = new ResponseFold();
                    var withLooksOnTheWay = new ResponseFold();
                    int look = any.values().random.nextInt(events.size());

                    events.forEach(event -> inOneGo.add(1, event));
                    for (var event : events) {
                        withLooksOnTheWay.add(1, event);
                        if (event.sequence() % 7 == look % 7) {
                            withLooksOnTheWay.response();
                            withLooksOnTheWay.usageRow();
                        }
                    }

                    assertThat(withLooksOnTheWay.response()).isEqualTo(inOneGo.response());
                    assertThat(withLooksOnTheWay.usageRow()).isEqualTo(inOneGo.usageRow());
                });
    }

    @Test
    void foldingTheEventsReadBackGivesTheSameBytes() {
        Seeds.forEach(
                300,
                any -> {
                    var written = new ResponseFold();
                    var read = new ResponseFold();

                    for (var event : any.stream(40)) {
                        written.add(1, event);
                        read.add(1, EventCodec.decode(EventCodec.encode(event)));
                    }

                    assertThat(ResponseCodec.encode(read.response().orElseThrow()))
                            .isEqualTo(ResponseCodec.encode(written.response().orElseThrow()));
                });
    }

    @Test
    void responsesAndLedgerRowsRoundTripThroughJson() {
        Seeds.forEach(
                300,
                any -> {
                    var fold = new ResponseFold();
                    any.stream(40).forEach(event -> fold.add(2, event));
                    var response = fold.response().orElseThrow();
                    var row = fold.usageRow().orElseThrow();

                    assertThat(ResponseCodec.decode(ResponseCodec.encode(response)))
                            .isEqualTo(response);
                    assertThat(ResponseCodec.decodeUsage(ResponseCodec.encode(row))).isEqualTo(row);
                });
    }

    @Test
    void zombiesDuplicatesAndForeignRecordsChangeNothing() {
        Seeds.forEach(
                500,
                any -> {
                    var log = new NoisyLog(any);
                    var clean = new ResponseFold();
                    var guarded = new ResponseFold();

                    log.stream()
                            .forEach(entry -> clean.add(entry.attempt().number(), entry.event()));
                    readThroughGuard(log.records(), guarded);

                    assertThat(guarded.response()).isEqualTo(clean.response());
                    assertThat(guarded.usageRow()).isEqualTo(clean.usageRow());
                });
    }

    private static void readThroughGuard(
            List<ProducerRecord<byte[], byte[]>> records, ResponseFold fold) {
        var guard = ReaderGuard.fromStart();
        for (var record : records) {
            switch (EventRecord.of(consumed(record))) {
                case EventRecord.Foreign _ -> {}
                case EventRecord.Fence fence -> {
                    if (fence.id().equals(NoisyLog.ID)) {
                        guard.fence(fence.attempt());
                    }
                }
                case EventRecord.Entry entry -> {
                    if (entry.id().equals(NoisyLog.ID)
                            && guard.admit(entry.headers()) == ReaderGuard.Verdict.ACCEPTED) {
                        fold.add(
                                entry.headers().attempt().number(),
                                EventCodec.decode(entry.value()));
                    }
                }
            }
        }
    }

    private static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> record) {
        var consumed =
                new ConsumerRecord<byte[], byte[]>("events", 0, 0, record.key(), record.value());
        record.headers().forEach(consumed.headers()::add);
        return consumed;
    }
}
