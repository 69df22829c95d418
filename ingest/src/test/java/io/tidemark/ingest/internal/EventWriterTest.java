package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command.OnDisconnect;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

class EventWriterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int BYTES_MAX = 2000;

    private final StreamId id = TestStreams.mint();
    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final IngestMetrics metrics = new IngestMetrics(meters);
    private final AtomicInteger broken = new AtomicInteger();
    private final EventWriter.Log log =
            new EventWriter.Log(
                    new LogProducer(() -> kafka, metrics),
                    "events",
                    BYTES_MAX,
                    TestStreams.CLOCK,
                    metrics);
    private final EventWriter writer =
            new EventWriter(
                    log,
                    TestStreams.start(id),
                    "openai",
                    new Attempt(0, 1),
                    0,
                    broken::incrementAndGet);

    private void write(EventBody... bodies) {
        for (var body : bodies) {
            writer.write(Draft.of(body));
        }
    }

    private List<StreamEvent> written() {
        return kafka.history().stream().map(record -> EventCodec.decode(record.value())).toList();
    }

    @Test
    void numbersEventsAndDropsEmptyDeltasBefore() {
        write(
                TestStreams.started(1),
                TestStreams.text(""),
                TestStreams.text("a"),
                TestStreams.text(""),
                UpstreamPump.cancelled(StopReason.CANCELLED));

        assertThat(written()).extracting(StreamEvent::sequence).containsExactly(0L, 1L, 2L);
        assertThat(written()).extracting(StreamEvent::at).containsOnly(TestStreams.CLOCK.millis());
        assertThat(kafka.history()).allMatch(record -> record.partition() == id.partition());
    }

    @Test
    void writesOneStartAndOneEndAndNothingAfter() {
        assertThatThrownBy(() -> write(TestStreams.text("a")))
                .isInstanceOf(IllegalStateException.class);
        write(TestStreams.started(1));
        assertThatThrownBy(() -> write(TestStreams.started(1)))
                .isInstanceOf(IllegalStateException.class);
        write(UpstreamPump.cancelled(StopReason.CANCELLED));
        assertThatThrownBy(() -> write(UpstreamPump.cancelled(StopReason.CANCELLED)))
                .isInstanceOf(IllegalStateException.class);

        assertThat(written()).hasSize(2);
    }

    @Test
    void goesOnWhereTheLogEnds() {
        var start = TestStreams.start(id);
        var heir = new EventWriter(log, start, "openai", new Attempt(0, 3), 17, () -> {});

        heir.write(Draft.of(Status.of(Status.RETRYING)));

        assertThat(written()).extracting(StreamEvent::sequence).containsExactly(17L);
        assertThat(heir.nextSequence()).isEqualTo(18);
    }

    @Test
    void stopsAtTheFirstRecordThatKafkaDoesNotTake() {
        write(
                TestStreams.started(1),
                TestStreams.text("a"),
                UpstreamPump.cancelled(StopReason.CANCELLED));
        kafka.completeNext();
        kafka.errorNext(new TimeoutException("too late"));
        kafka.completeNext();

        assertThat(broken).hasValue(1);
        assertThat(writer.acknowledged()).isEqualTo(new Unacknowledged.Acknowledged(1, 0));
        assertThatThrownBy(writer::awaitEnd).isInstanceOf(LogFailedException.class);
        assertThatThrownBy(() -> write(TestStreams.text("b")))
                .isInstanceOf(LogFailedException.class);
    }

    @Test
    void givesNoNumberToAnEventThatIsTooLarge() {
        write(TestStreams.started(1));

        assertThatThrownBy(() -> write(TestStreams.text("x".repeat(BYTES_MAX))))
                .isInstanceOfSatisfying(
                        EventTooLargeException.class,
                        e -> assertThat(e.limitBytes()).isEqualTo(BYTES_MAX))
                .hasMessageNotContaining("xxx");

        assertThat(writer.nextSequence()).isEqualTo(1);
    }

    @Test
    void countsTheEndOfEachProvidersStreams() {
        write(TestStreams.started(1), UpstreamPump.cancelled(StopReason.CANCELLED));

        assertThat(
                        meters.counter(
                                        IngestMetrics.STREAMS_ENDED,
                                        "provider",
                                        "openai",
                                        "outcome",
                                        "cancelled",
                                        "code",
                                        "none")
                                .count())
                .isEqualTo(1);
    }

    @Test
    void countsTheStreamsThatNobodyRead() {
        write(TestStreams.started(1), UpstreamPump.cancelled(StopReason.DESERTED));

        assertThat(meters.counter(IngestMetrics.STREAMS_DESERTED, "provider", "openai").count())
                .isEqualTo(1);
    }

    @Test
    void saysOnEachRecordWhetherReadersMatter() {
        write(TestStreams.started(1), TestStreams.text("a"));
        assertThat(kafka.history()).noneMatch(EventWriterTest::saysThatReadersMatter);
        kafka.clear();
        var start = TestStreams.start(id, OnDisconnect.CANCEL);
        var heeding = new EventWriter(log, start, "openai", new Attempt(0, 2), 2, () -> {});

        heeding.write(Draft.of(TestStreams.text("b")));
        heeding.write(Draft.of(TestStreams.text("c")));

        assertThat(kafka.history()).hasSize(2).allMatch(EventWriterTest::saysThatReadersMatter);
    }

    private static boolean saysThatReadersMatter(ProducerRecord<byte[], byte[]> record) {
        return record.headers().lastHeader(EventHeaders.PRESENCE) != null;
    }

    @Test
    void saysOnEachRecordWhoseStreamItIs() {
        write(TestStreams.started(1), TestStreams.text("a"));
        assertThat(kafka.history()).noneMatch(record -> tenant(record) != null);
        kafka.clear();
        var start = TestStreams.startOf(id, "acme");
        var owned = new EventWriter(log, start, "openai", new Attempt(0, 2), 2, () -> {});

        owned.write(Draft.of(TestStreams.text("b")));
        owned.write(Draft.of(TestStreams.text("c")));

        assertThat(kafka.history()).extracting(EventWriterTest::tenant).containsOnly("acme");
    }

    private static @Nullable String tenant(ProducerRecord<byte[], byte[]> record) {
        var header = record.headers().lastHeader(EventHeaders.TENANT);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Test
    void waitsForTheTerminalToBeInTheLog() {
        write(TestStreams.started(1), UpstreamPump.cancelled(StopReason.CANCELLED));
        kafka.completeNext();
        kafka.completeNext();

        writer.awaitEnd();

        assertThat(writer.acknowledged()).isEqualTo(new Unacknowledged.Acknowledged(2, 1));
    }

    @Test
    void sendsNothingThatItDoesNotKeep() {
        write(TestStreams.started(1));
        var failure = new CompletableFuture<Throwable>();
        var thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> failure.complete(catchThrowable(this::writeForEver)));
        await().atMost(PATIENCE).until(() -> thread.getState() == Thread.State.WAITING);

        kafka.errorNext(new TimeoutException("too late"));

        assertThat(failure).succeedsWithin(PATIENCE).isInstanceOf(LogFailedException.class);
        assertThat(written()).hasSize((int) writer.nextSequence());
    }

    private void writeForEver() {
        while (true) {
            write(TestStreams.text("x".repeat(BYTES_MAX / 2)));
        }
    }
}
