package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

class UnbrokenLogTest {
    private final StreamId id = TestStreams.mint();
    private final List<MockProducer<byte[], byte[]>> made = new ArrayList<>();
    private final IngestMetrics metrics = new IngestMetrics(new SimpleMeterRegistry());
    private final AtomicInteger breaks = new AtomicInteger();
    private final AtomicInteger mends = new AtomicInteger();
    private final CountDownLatch abandoned = new CountDownLatch(1);
    private final EventWriter writer =
            new EventWriter(
                    new EventWriter.Log(
                            new LogProducer(this::make, metrics),
                            "events",
                            10_000,
                            TestStreams.CLOCK,
                            metrics),
                    TestStreams.start(id),
                    "openai",
                    new Attempt(4, 1),
                    0,
                    breaks::incrementAndGet);
    /* What each read-back gives; there must be none that is not expected. */
    private final Queue<Function<EventWriter, Inherited>> found = new ArrayDeque<>();
    private final UnbrokenLog log =
            new UnbrokenLog(
                    broken -> () -> found.remove().apply(broken),
                    writer,
                    new Insistence(Duration.ofMillis(1), abandoned),
                    mends::incrementAndGet);

    private Producer<byte[], byte[]> make() {
        made.add(
                new MockProducer<>(
                        false, null, new ByteArraySerializer(), new ByteArraySerializer()));
        return made.getLast();
    }

    private void write(String... texts) {
        for (var text : texts) {
            log.write(Draft.of(TestStreams.text(text)));
        }
    }

    private void begin() {
        log.write(Draft.of(TestStreams.started(1)));
        made.getFirst().completeNext();
    }

    private static Function<EventWriter, Inherited> upTo(long next) {
        return broken ->
                new Inherited(broken.attempt().next(4), next, false, false, new OpenContent());
    }

    private List<ProducerRecord<byte[], byte[]>> sent(int generation) {
        return made.get(generation).history();
    }

    private static List<Long> sequences(List<ProducerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> EventCodec.decode(record.value()))
                .map(StreamEvent::sequence)
                .toList();
    }

    private static Attempt attempt(ProducerRecord<byte[], byte[]> record) {
        var headers = record.headers();
        long epoch = ByteBuffer.wrap(headers.lastHeader(EventHeaders.EPOCH).value()).getLong();
        int number = ByteBuffer.wrap(headers.lastHeader(EventHeaders.ATTEMPT).value()).getInt();
        return new Attempt(epoch, number);
    }

    @Test
    void sendsWhatTheLogLacksAgainBehindItsOwnFence() {
        begin();
        write("a", "b", "c");
        made.getFirst().completeNext();
        made.getFirst().errorNext(new OutOfOrderSequenceException("stuck"));
        found.add(upTo(2));

        write("d");

        assertThat(sequences(sent(1))).containsExactly(2L, 3L, 4L);
        assertThat(sent(1)).allMatch(record -> attempt(record).equals(new Attempt(4, 2)));
        assertThat(sent(1).getFirst().value()).isEqualTo(sent(0).get(2).value());
        assertThat(breaks).hasValue(1);
        assertThat(mends).hasValue(1);
    }

    @Test
    void aStartThatWasLostSaysUnderWhichAttemptItIsSentAgain() {
        log.write(Draft.of(TestStreams.started(1)));
        made.getFirst().errorNext(new TimeoutException("too late"));
        found.add(upTo(0));

        write("a");

        assertThat(sequences(sent(1))).containsExactly(0L, 1L);
        assertThat(attempt(sent(1).getFirst())).isEqualTo(new Attempt(4, 2));
        assertThat(EventCodec.decode(sent(1).getFirst().value()).body())
                .isEqualTo(TestStreams.started(2));
    }

    @Test
    void aStartThatCameWhileTheLogWasBrokenSaysItToo() {
        log.write(Draft.of(TestStreams.started(1)));
        made.getFirst().errorNext(new TimeoutException("too late"));
        found.add(upTo(0));
        log.mend();
        made.get(1).errorNext(new TimeoutException("too late again"));
        found.add(upTo(0));

        write("a");

        assertThat(EventCodec.decode(sent(2).getFirst().value()).body())
                .isEqualTo(TestStreams.started(3));
    }

    @Test
    void sendsNothingAgainThatWasTakenAfterAll() {
        begin();
        write("a", "b");
        made.getFirst().errorNext(new TimeoutException("acknowledgement lost"));
        found.add(upTo(3));

        log.mend();
        write("c");

        assertThat(sequences(sent(1))).containsExactly(3L);
    }

    @Test
    void isMendedOnceAndOnlyIfItIsBroken() {
        begin();
        log.mend();
        write("a");
        made.getFirst().errorNext(new TimeoutException("too late"));
        found.add(upTo(1));

        log.mend();
        log.mend();

        assertThat(sequences(sent(1))).containsExactly(1L);
    }

    @Test
    void whatIsToldLateOfTheProducerBeforeBreaksNothing() {
        begin();
        write("a", "b");
        made.getFirst().errorNext(new TimeoutException("too late"));
        found.add(upTo(1));
        log.mend();

        made.getFirst().errorNext(new TimeoutException("lost with it"));
        write("c");

        assertThat(writer.failure()).isEmpty();
        assertThat(breaks).hasValue(1);
        assertThat(sequences(sent(1))).containsExactly(1L, 2L, 3L);
    }

    @Test
    void triesUntilTheLogCanBeRead() {
        begin();
        write("a");
        made.getFirst().errorNext(new TimeoutException("too late"));
        found.add(_ -> {
            throw new LogFailedException("read back", new TimeoutException("away"));
        });
        found.add(upTo(1));

        write("b");

        assertThat(sequences(sent(1))).containsExactly(1L, 2L);
    }

    @Test
    void theEndIsThereOnceItIsSentAgain() {
        begin();
        log.write(Draft.of(UpstreamPump.cancelled(StopReason.CANCELLED)));
        made.getFirst().errorNext(new TimeoutException("too late"));
        found.add(broken -> {
            var again = upTo(1).apply(broken);
            Thread.ofPlatform().daemon().start(this::acknowledgeTheEnd);
            return again;
        });

        assertThat(log.awaitEnd()).isTrue();
        assertThat(writer.acknowledged().next()).isEqualTo(2);
    }

    private void acknowledgeTheEnd() {
        while (made.size() < 2 || !made.get(1).completeNext()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void theEndIsThereIfItWasTakenAfterAll() {
        begin();
        log.write(Draft.of(UpstreamPump.cancelled(StopReason.CANCELLED)));
        made.getFirst().errorNext(new TimeoutException("acknowledgement lost"));
        found.add(broken ->
                new Inherited(broken.attempt().next(4), 2, true, false, new OpenContent()));

        assertThat(log.awaitEnd()).isTrue();
    }

    @Test
    void writesNothingMoreOfAStreamThatIsNotOurs() {
        begin();
        write("a");
        made.getFirst().errorNext(new TimeoutException("too late"));
        abandoned.countDown();

        write("b");

        assertThat(log.awaitEnd()).isFalse();
        assertThat(made).hasSize(1);
        assertThat(sent(0)).hasSize(2);
    }

    @Test
    void waitsForNoEndOnceItsThreadIsToldToStop() {
        begin();
        log.write(Draft.of(UpstreamPump.cancelled(StopReason.CANCELLED)));
        var ended = new CompletableFuture<Boolean>();
        var waiting = Thread.ofPlatform().daemon().start(() -> ended.complete(log.awaitEnd()));

        waiting.interrupt();

        assertThat(ended).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(false);
    }

    @Test
    void leavesTheStreamToWhoeverFencedIt() {
        begin();
        write("a");
        made.getFirst().errorNext(new TimeoutException("too late"));
        found.add(_ -> {
            throw new OutrankedException(4, 9);
        });

        assertThatThrownBy(() -> write("b")).isInstanceOf(OutrankedException.class);
    }

    @Test
    void doesNotInsistOnARecordThatKafkaFindsTooLarge() {
        begin();
        write("a");
        made.getFirst().errorNext(new RecordTooLargeException("larger than the topic takes"));

        assertThatThrownBy(() -> write("b"))
                .isInstanceOfSatisfying(
                        LogFailedException.class, e -> assertThat(e.tooLarge()).isTrue());
    }

    @Test
    void doesNotInsistForEverOnWhatBreaksEachTime() {
        begin();
        write("a");
        for (int i = 0; i < UnbrokenLog.MENDS_MAX; i++) {
            found.add(upTo(1));
            made.getLast().errorNext(new TimeoutException("too late"));
            log.mend();
        }
        made.getLast().errorNext(new TimeoutException("too late"));

        assertThatThrownBy(log::mend).isInstanceOf(LogFailedException.class);
        assertThat(found).isEmpty();
    }

    @Test
    void hopesAnewWhenAnEventWasTaken() {
        begin();
        for (int i = 1; i <= 2 * UnbrokenLog.MENDS_MAX; i++) {
            write("a");
            made.getLast().completeNext();
            write("b");
            made.getLast().errorNext(new TimeoutException("too late"));
            found.add(upTo(writer.nextSequence()));
            log.mend();
        }

        assertThat(mends).hasValue(2 * UnbrokenLog.MENDS_MAX);
    }
}
