package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;

class LogProducerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Fails what it holds when it is closed, as Kafka's does. */
    private static final class Closing extends MockProducer<byte[], byte[]> {
        private @Nullable RuntimeException refusal;

        Closing() {
            super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
            if (refusal != null && callback != null) {
                callback.onCompletion(null, refusal);
                return CompletableFuture.failedFuture(refusal);
            }
            return super.send(record, callback);
        }

        @Override
        public void close(Duration longest) {
            super.close(longest);
            while (errorNext(new KafkaException("Producer is closed forcefully."))) {
                // one after the other
            }
        }
    }

    private final List<Closing> made = new CopyOnWriteArrayList<>();
    private final IngestMetrics metrics = new IngestMetrics(new SimpleMeterRegistry());
    private final LogProducer producer = new LogProducer(this::make, metrics);
    private int refusals;

    private Producer<byte[], byte[]> make() {
        if (refusals > 0) {
            refusals--;
            throw new KafkaException("Failed to construct kafka producer");
        }
        made.add(new Closing());
        return made.getLast();
    }

    private CompletableFuture<RecordMetadata> send(int partition) {
        return producer.sent(new ProducerRecord<>("topic", partition, new byte[0], new byte[0]));
    }

    private static CompletableFuture<RecordMetadata> send(LogProducer.Line line) {
        var fate = new CompletableFuture<RecordMetadata>();
        line.send(
                new ProducerRecord<>("topic", 1, new byte[0], new byte[0]),
                (metadata, failure) -> {
                    if (failure == null) {
                        fate.complete(metadata);
                    } else {
                        fate.completeExceptionally(failure);
                    }
                });
        return fate;
    }

    /* The newest loses its eldest record. */
    private void lose() {
        made.getLast().errorNext(new TimeoutException("stuck"));
    }

    @Test
    void isClosedBeforeAnythingBehindALostRecordCanBeSent() {
        var lost = send(0);
        var behind = send(0);
        var elsewhere = send(1);

        lose();

        assertThat(made.getFirst().closed()).isTrue();
        assertThat(lost).isCompletedExceptionally();
        assertThat(behind).isCompletedExceptionally();
        assertThat(elsewhere).isCompletedExceptionally();
    }

    @Test
    void isReplacedOnceForAllWhoSend() {
        var _ = send(0);
        lose();

        var first = send(0);
        var second = send(1);

        assertThat(made).hasSize(2);
        assertThat(made.getLast().history()).hasSize(2);
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
    }

    @Test
    void triesAgainForEachRecordWhileNoOtherCanBeMade() {
        var _ = send(0);
        lose();
        refusals = 1;

        assertThat(send(0)).isCompletedExceptionally();
        assertThat(send(0)).isNotDone();

        assertThat(made).hasSize(2);
    }

    @Test
    void outlivesARecordThatItNeverTook() {
        made.getFirst().refusal = new BufferExhaustedException("full");
        assertThat(send(0)).isCompletedExceptionally();
        made.getFirst().refusal = null;

        assertThat(send(0)).isNotDone();
        assertThat(made).hasSize(1);
        assertThat(made.getFirst().closed()).isFalse();
    }

    @Test
    void failsWhatIsSentAfterItWasClosedAndMakesNoOther() {
        var _ = send(0);
        producer.close(Duration.ZERO);

        assertThat(send(0)).isCompletedExceptionally();
        assertThat(send(0)).isCompletedExceptionally();
        assertThat(made).hasSize(1);
    }

    @Test
    void aLineThatLostNothingMovesOver() {
        var line = producer.line();
        var before = send(line);
        made.getFirst().completeNext();
        var _ = send(0);
        lose();

        var after = send(line);

        assertThat(before).isCompleted();
        assertThat(after).isNotDone();
        assertThat(made.getLast().history()).hasSize(1);
    }

    @Test
    void aLineSendsNothingBehindWhatItLost() {
        var line = producer.line();
        var _ = send(0);
        var inBetween = send(line);
        lose();

        var after = send(line);

        assertThat(inBetween).isCompletedExceptionally();
        assertThat(after).failsWithin(PATIENCE);
        assertThat(made).hasSize(1);
    }

    @Test
    void aLineSendsNothingBehindWhatNobodyTook() {
        var line = producer.line();
        made.getFirst().refusal = new BufferExhaustedException("full");
        assertThat(send(line)).isCompletedExceptionally();
        made.getFirst().refusal = null;

        assertThat(send(line)).isCompletedExceptionally();
        assertThat(send(producer.line())).isNotDone();
    }

    @Test
    void aLineThatNoProducerCanBeMadeForIsBroken() {
        var line = producer.line();
        var _ = send(0);
        lose();
        refusals = 1;

        assertThat(send(line)).isCompletedExceptionally();
        assertThat(send(line)).isCompletedExceptionally();
        assertThat(send(producer.line())).isNotDone();
    }
}
