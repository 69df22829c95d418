package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;
import io.tidemark.seal.Opener;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

class TakeoverTest {
    private static final long EPOCH = 7;

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final StreamId id = TestStreams.mint();
    private final ReadBack stream =
            new ReadBack(new Orphan(id, 0, Attempt.first(0)), EPOCH, Opener.withoutKeys());
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger read = new AtomicInteger();
    /* How many polls there are before they fail. */
    private int pollsMax = Integer.MAX_VALUE;
    private Duration eachPoll = Duration.ZERO;
    private boolean silent;

    /** Gives a record at a time, and takes its time. */
    private final class Scanner extends LogConsumer {
        private int polls;

        Scanner() {
            super(producer, "events");
        }

        @Override
        int batchMax() {
            return silent ? 0 : 1;
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            nanos.addAndGet(eachPoll.toNanos());
            polls++;
            if (polls > pollsMax) {
                throw new KafkaException("away");
            }
            var records = super.poll(timeout);
            read.addAndGet(records.count());
            return records;
        }
    }

    private Consumer<byte[], byte[]> scanner() {
        return new Scanner();
    }

    private final Takeover takeover =
            new Takeover(
                    this::scanner,
                    new LogProducer(() -> producer, new IngestMetrics(new SimpleMeterRegistry())),
                    "events",
                    TestStreams.COMMANDS,
                    Duration.ofMinutes(1),
                    1,
                    nanos::get);

    private void write(int events) {
        write(0, TestStreams.started(1));
        for (int sequence = 1; sequence < events; sequence++) {
            write(sequence, TestStreams.text("a"));
        }
    }

    private void write(long sequence, EventBody body) {
        var event = TestStreams.event(id, sequence, body);
        var _ = producer.send(EventRecord.of("events", event, Attempt.first(0), null));
    }

    private Inherited inherited() {
        return requireNonNull(takeover.inherit(0, () -> List.of(stream)).get(id), "inherited");
    }

    @Test
    void comesToItsEndHoweverLongItTakesToReadTheLog() {
        write(20);
        eachPoll = Takeover.SILENCE_MAX.minusSeconds(1);

        assertThat(inherited()).extracting(Inherited::next).isEqualTo(20L);
    }

    @Test
    void readsNothingTwiceThoughEachScanFailsOnTheWay() {
        write(20);
        pollsMax = 3;
        for (int scan = 0; scan < 20 / pollsMax; scan++) {
            assertThatThrownBy(this::inherited).isInstanceOf(LogFailedException.class);
        }

        assertThat(inherited()).extracting(Inherited::next).isEqualTo(20L);

        assertThat(read).as("events, and the fence").hasValue(21);
    }

    /* It is in the log, and was not read: another one would only make the log longer. */
    @Test
    void fencesOnceThoughTheScanFailsBehindTheFence() {
        write(2);
        pollsMax = 2;
        assertThatThrownBy(this::inherited).isInstanceOf(LogFailedException.class);

        assertThat(inherited()).extracting(Inherited::next).isEqualTo(2L);

        assertThat(producer.history()).hasSize(3);
    }

    private void forge(StreamId stream, long epoch) {
        var _ = producer.send(EventRecord.fence("events", stream, new Attempt(epoch, 1)));
    }

    private void command() {
        var _ = producer.send(new ProducerRecord<>(TestStreams.COMMANDS, 0, new byte[0], null));
    }

    /* It is in the log for ever, and no claim would be above it. */
    @Test
    void leavesAStreamAloneThatBearsAnEpochOfNoClaim() {
        var forged = TestStreams.mint();
        write(2);
        forge(forged, EPOCH + 1);
        for (int i = 0; i <= EPOCH; i++) {
            command();
        }

        var found =
                takeover.inherit(
                        0,
                        () ->
                                List.of(
                                        stream,
                                        new ReadBack(
                                                new Orphan(forged, 0, Attempt.first(0)),
                                                EPOCH,
                                                Opener.withoutKeys())));

        assertThat(found).containsOnlyKeys(id);
    }

    @Test
    void givesWayToAnEpochThatMayBeAClaims() {
        write(2);
        forge(id, EPOCH + 1);
        for (int i = 0; i <= EPOCH + 1; i++) {
            command();
        }

        assertThatThrownBy(this::inherited)
                .isInstanceOf(OutrankedException.class)
                .hasMessage("epoch 7 is outranked by 8");
    }

    @Test
    void countsAScanAsFailedThatReadsNothing() {
        write(2);
        silent = true;
        eachPoll = Takeover.SILENCE_MAX.dividedBy(2);

        assertThatThrownBy(this::inherited)
                .isInstanceOf(LogFailedException.class)
                .hasStackTraceContaining("nothing could be read for " + Takeover.SILENCE_MAX);
        assertThat(producer.history()).hasSize(2);
    }

    @Test
    void readsNoFurtherWhenThePartitionIsNotOursAnyMore() {
        write(20);

        assertThat(takeover.inherit(0, () -> List.of(stream), () -> read.get() < 5)).isEmpty();

        assertThat(read).hasValue(5);
        assertThat(producer.history()).hasSize(20);
    }
}
