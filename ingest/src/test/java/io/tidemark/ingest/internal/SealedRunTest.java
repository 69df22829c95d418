package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.StreamId;
import io.tidemark.seal.DataKey;
import io.tidemark.seal.Found;
import io.tidemark.seal.Keys;
import io.tidemark.seal.Opener;
import io.tidemark.seal.SealCounts;
import io.tidemark.seal.Unreadable;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs of streams whose start is sealed. */
final class SealedRunTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Random RANDOM = new Random(3);
    private static final StreamRun.Owner NOBODY =
            new StreamRun.Owner() {
                @Override
                public void finished(StreamRun run) {}

                @Override
                public void failed(StreamRun run) {}
            };

    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final StreamId id = TestStreams.mint();
    private final DataKey key = DataKey.of(id, RANDOM);
    private final Opener opener = new Opener(_ -> new Found.Key(key), new SealCounts());

    private Command.Start sealed() {
        var plain = TestStreams.start(id);
        return key.seal(
                new Command.Start(
                        id,
                        plain.at(),
                        plain.api(),
                        plain.provider(),
                        plain.model(),
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("model", "some-model")
                                .put("input", "marker"),
                        plain.onDisconnect(),
                        "acme",
                        Map.of("label", "marker"),
                        null),
                RANDOM);
    }

    private StreamRun run(Keys keys, boolean cancelled) throws InterruptedException {
        var services =
                TestStreams.services(new ResponsesApi(), kafka, new Opener(keys, new SealCounts()));
        var run = new StreamRun(sealed(), 0, null, services, NOBODY);
        if (cancelled) {
            run.cancel();
        }
        Thread.ofVirtual().start(run);
        assertThat(run.awaitOver(PATIENCE)).isTrue();
        return run;
    }

    private List<EventRecord.Entry> written() {
        return kafka.history().stream()
                .filter(record -> record.topic().equals("events") && record.value() != null)
                .map(SealedRunTest::entry)
                .toList();
    }

    private static EventRecord.Entry entry(ProducerRecord<byte[], byte[]> record) {
        return (EventRecord.Entry)
                EventRecord.of(
                        new ConsumerRecord<>(
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
                                Optional.empty()));
    }

    private static EventBody body(EventRecord.Entry entry) {
        return EventCodec.decode(entry.value()).body();
    }

    @Test
    void whatItSaysIsSealedUnderTheKeyOfItsStart() throws Exception {
        run(_ -> new Found.Key(key), true);

        var events = written();
        assertThat(events).hasSizeGreaterThan(1).allMatch(Opener::isSealed);
        assertThat(events)
                .allSatisfy(event ->
                        assertThat(new String(event.value(), StandardCharsets.UTF_8))
                                .doesNotContain("marker"));
        assertThat(body(opener.open(events.getFirst())))
                .isInstanceOfSatisfying(
                        Started.class,
                        started -> {
                            assertThat(started.metadata()).containsEntry("label", "marker");
                            assertThat(started.tenant()).isEqualTo("acme");
                        });
        assertThat(body(opener.open(events.getLast())))
                .isInstanceOfSatisfying(
                        Completed.class,
                        it -> assertThat(it.outcome()).isEqualTo(Outcome.CANCELLED));
    }

    @Test
    void withoutItsKeyItIsEndedAndSaysNothing() throws Exception {
        run(_ -> new Found.Missing(Unreadable.NO_KEY), false);

        var events = written();
        assertThat(events).hasSize(2).noneMatch(Opener::isSealed);
        assertThat(body(events.getLast()))
                .isInstanceOfSatisfying(
                        Failed.class, it -> assertThat(it.code()).isEqualTo("aborted"));
    }

    @Test
    void withoutItsKeyOneThatWasCancelledEndsAsThat() throws Exception {
        run(_ -> new Found.Missing(Unreadable.NO_KEY), true);

        assertThat(body(written().getLast()))
                .isInstanceOfSatisfying(
                        Completed.class,
                        it -> assertThat(it.outcome()).isEqualTo(Outcome.CANCELLED));
    }

    @Test
    void waitsUntilItIsKnownWhetherThereIsAKey() throws Exception {
        var asked = new AtomicInteger();

        run(
                _ -> {
                    if (asked.incrementAndGet() <= 2) {
                        throw new TimeoutException("no answer");
                    }
                    return new Found.Key(key);
                },
                true);

        assertThat(written()).hasSizeGreaterThan(1).allMatch(Opener::isSealed);
    }
}
