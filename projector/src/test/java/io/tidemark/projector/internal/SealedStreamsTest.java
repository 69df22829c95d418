package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.projector.MarkedStream;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.seal.DataKey;
import io.tidemark.seal.Found;
import io.tidemark.seal.Opener;
import io.tidemark.seal.SealCounts;
import io.tidemark.seal.StreamSeal;
import io.tidemark.seal.Unreadable;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/** Streams that are sealed in the log, folded with their keys and without. */
final class SealedStreamsTest {
    private final MarkedStream stream = MarkedStream.of(0, 1, "zebra");
    private final DataKey key = DataKey.of(stream.id(), new Random(1));
    private final Opener with = new Opener(_ -> new Found.Key(key), new SealCounts());

    private record Results(List<byte[]> responses, List<byte[]> rows) {}

    private static Results folded(Opener opener, Consumer<TopologyFixture> events) {
        try (var topology =
                new TopologyFixture(PriceTable.NONE, Stores::inMemoryKeyValueStore, opener)) {
            events.accept(topology);
            return new Results(
                    topology.responses().stream().map(ResponseCodec::encode).toList(),
                    topology.usage().stream().map(ResponseCodec::encode).toList());
        }
    }

    private List<ProducerRecord<byte[], byte[]>> sealed() {
        var seal = new StreamSeal.Sealed(key, new Random(2));
        var sealed = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (var record : stream.records()) {
            var entry = (EventRecord.Entry) EventRecord.of(consumed(record));
            sealed.add(
                    seal.seal(
                            record, EventCodec.decode(record.value()), entry.headers().attempt()));
        }
        return sealed;
    }

    private static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>(
                record.topic(),
                0,
                0,
                0,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty());
    }

    @Test
    void foldToWhatPlainOnesFoldTo() {
        var plain = folded(Opener.withoutKeys(), it -> it.append(stream.records()));

        var opened = folded(with, it -> it.append(sealed()));

        assertThat(opened.responses()).containsExactlyElementsOf(plain.responses());
        assertThat(opened.rows()).containsExactlyElementsOf(plain.rows());
        assertThat(text(opened)).contains("zebra");
    }

    @Test
    void foldToTheSameRowAndNoContentWithoutTheirKey() {
        var plain = folded(Opener.withoutKeys(), it -> it.append(stream.records()));

        var closed = folded(Opener.withoutKeys(), it -> it.append(sealed()));

        assertThat(closed.rows()).containsExactlyElementsOf(plain.rows());
        assertThat(closed.responses()).hasSize(1);
        assertThat(text(closed)).doesNotContain("zebra");
    }

    @Test
    void giveTheSameRowWhenTheyAreErasedAndNobodyLooksForTheirKey() {
        var plain = folded(Opener.withoutKeys(), it -> it.append(stream.records()));
        Opener unasked =
                new Opener(
                        _ -> {
                            throw new AssertionError("no key is needed");
                        },
                        new SealCounts());

        var erased = folded(unasked, it -> it.erase(stream.id()).append(sealed()));

        assertThat(erased.rows()).containsExactlyElementsOf(plain.rows());
        assertThat(erased.responses()).isEmpty();
    }

    @Test
    void areErasedTogetherWithTheirKey() {
        try (var topology = new TopologyFixture()) {
            topology.appendErasure(stream.id().key(), "foreign".getBytes(StandardCharsets.UTF_8));
            assertThat(topology.keyRecords()).isEmpty();

            topology.erase(stream.id());

            assertThat(topology.keyRecords())
                    .singleElement()
                    .satisfies(deletion -> {
                        assertThat(deletion.key()).isEqualTo(stream.id().key());
                        assertThat(deletion.value()).isNull();
                        assertThat(deletion.timestamp())
                                .isGreaterThanOrEqualTo(TopologyFixture.NOW.toEpochMilli());
                    });
        }
    }

    @Test
    void plainAndSealedEventsOfOneStreamFoldTogether() {
        var plain = folded(Opener.withoutKeys(), it -> it.append(stream.records()));
        var mixed = new ArrayList<>(sealed());
        var records = stream.records();
        for (int i = 0; i < mixed.size(); i += 2) {
            mixed.set(i, records.get(i));
        }

        assertThat(folded(with, it -> it.append(mixed)).responses())
                .containsExactlyElementsOf(plain.responses());
    }

    @Test
    void areNotTakenForErasedWhileItIsNotKnownWhetherThereIsAKey() {
        var deaf =
                new Opener(
                        _ -> {
                            throw new KafkaException("no answer, and none to wait for");
                        },
                        new SealCounts());

        assertThatThrownBy(() -> folded(deaf, it -> it.append(sealed())))
                .hasRootCauseInstanceOf(KafkaException.class);
    }

    @Test
    void areAskedForAgainWhenThereIsNoAnswer() {
        var asked = new java.util.concurrent.atomic.AtomicInteger();
        var slow =
                new Opener(
                        _ -> {
                            if (asked.incrementAndGet() == 1) {
                                throw new org.apache.kafka.common.errors.TimeoutException("late");
                            }
                            return new Found.Key(key);
                        },
                        new SealCounts());

        assertThat(text(folded(slow, it -> it.append(sealed())))).contains("zebra");
        assertThat(slow.counts().of(Unreadable.NO_KEY)).isZero();
    }

    private static String text(Results results) {
        var text = new StringBuilder();
        results.responses().forEach(it -> text.append(new String(it, StandardCharsets.UTF_8)));
        results.rows().forEach(it -> text.append(new String(it, StandardCharsets.UTF_8)));
        return text.toString();
    }
}
