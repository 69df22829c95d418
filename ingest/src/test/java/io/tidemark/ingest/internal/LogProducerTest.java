package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

class LogProducerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<MockProducer<byte[], byte[]>> made = new CopyOnWriteArrayList<>();
    private final IngestMetrics metrics = new IngestMetrics(new SimpleMeterRegistry());
    private final LogProducer producer =
            new LogProducer(this::make, Duration.ofMinutes(1), metrics);
    private int refusals;

    private Producer<byte[], byte[]> make() {
        if (refusals > 0) {
            refusals--;
            throw new KafkaException("Failed to construct kafka producer");
        }
        made.add(
                new MockProducer<>(
                        false, null, new ByteArraySerializer(), new ByteArraySerializer()));
        return made.getLast();
    }

    private static ProducerRecord<byte[], byte[]> record(int partition) {
        return new ProducerRecord<>("topic", partition, new byte[0], new byte[0]);
    }

    private CompletableFuture<RecordMetadata> send() {
        return producer.sent(record(0));
    }

    private static CompletableFuture<RecordMetadata> send(LogProducer.Line line) {
        var fate = new CompletableFuture<RecordMetadata>();
        line.send(
                record(1),
                (metadata, failure) -> {
                    if (failure == null) {
                        fate.complete(metadata);
                    } else {
                        fate.completeExceptionally(failure);
                    }
                });
        return fate;
    }

    /* The newest loses a record of partition 0; what else it has must have been sent after. */
    private void lose() {
        made.getLast().errorNext(new TimeoutException("stuck"));
    }

    private static Thread waiting(Runnable action) {
        var thread = Thread.ofPlatform().daemon().start(action);
        await().atMost(PATIENCE)
                .until(() ->
                        thread.getState() == Thread.State.WAITING
                                || thread.getState() == Thread.State.TIMED_WAITING);
        return thread;
    }

    private void awaitClosed(int generation) {
        await().atMost(PATIENCE).until(() -> made.get(generation).closed());
    }

    @Test
    void replacesAProducerThatFailedOnceForAllWhoNotice() {
        var sent = send();
        lose();

        producer.renew();
        producer.renew();

        assertThat(sent).isCompletedExceptionally();
        assertThat(made).hasSize(2);
        awaitClosed(0);
        assertThat(send()).isNotDone();
        assertThat(made.getLast().history()).hasSize(1);
    }

    @Test
    void keepsTheOneThatFailedUntilThereIsAnother() {
        var _ = send();
        lose();
        refusals = 1;

        assertThatThrownBy(producer::renew).isInstanceOf(KafkaException.class);
        assertThat(made.getFirst().closed()).isFalse();
        producer.renew();

        assertThat(made).hasSize(2);
        awaitClosed(0);
        assertThat(send()).isNotDone();
    }

    @Test
    void keepsAProducerWhoseBufferIsFull() {
        var sent = send();
        made.getFirst().errorNext(new BufferExhaustedException("full"));

        producer.renew();

        assertThat(sent).isCompletedExceptionally();
        assertThat(made).hasSize(1);
    }

    @Test
    void failsWhatIsSentAfterItWasClosedAndMakesNoOther() {
        producer.close();

        var sent = send();
        producer.renew();

        assertThat(sent).isCompletedExceptionally();
        assertThat(made).hasSize(1);
    }

    @Test
    void leavesOtherPartitionsWhatIsOnItsWayToThem() {
        var _ = send();
        var healthy = producer.sent(record(1));
        lose();

        producer.renew();

        await().during(Duration.ofMillis(200)).until(() -> !made.getFirst().closed());
        made.getFirst().completeNext();
        assertThat(healthy).isCompleted();
        awaitClosed(0);
    }

    @Test
    void doesNotWaitForWhatIsBehindALostRecord() {
        var _ = send();
        var behind = send();
        lose();

        producer.renew();

        awaitClosed(0);
        assertThat(behind).isNotDone();
    }

    @Test
    void waitsNoLongerThanTheDeliveryTime() {
        var hasty = new LogProducer(this::make, Duration.ofMillis(50), metrics);
        var _ = hasty.sent(record(0));
        var _ = hasty.sent(record(1));
        lose();

        hasty.renew();

        awaitClosed(1);
    }

    @Test
    void keepsALineInOrderWhenItMovesOver() throws Exception {
        var line = producer.line();
        var _ = send();
        var before = send(line);
        lose();
        producer.renew();

        var sender =
                waiting(() -> {
                    var _ = send(line);
                });
        assertThat(made.getLast().history()).isEmpty();
        made.getFirst().completeNext();

        assertThat(sender.join(PATIENCE)).isTrue();
        assertThat(before).isCompleted();
        assertThat(made.getLast().history()).hasSize(1);
    }

    @Test
    void sendsNothingAfterARecordThatALineLost() throws Exception {
        var line = producer.line();
        var _ = send();
        var _ = send(line);
        lose();
        producer.renew();
        var after = new CompletableFuture<CompletableFuture<RecordMetadata>>();
        var sender = waiting(() -> after.complete(send(line)));

        made.getFirst().errorNext(new TimeoutException("late"));

        assertThat(sender.join(PATIENCE)).isTrue();
        assertThat(after.join()).isCompletedExceptionally();
        assertThat(made.getLast().history()).isEmpty();
    }

    @Test
    void waitsForAPlaceBeforeOneMoreIsRetired() throws Exception {
        for (int i = 0; i < LogProducer.RETIRED_MAX; i++) {
            var _ = send();
            var _ = producer.sent(record(1));
            lose();
            producer.renew();
        }
        var _ = send();
        lose();

        var renewal = waiting(producer::renew);
        assertThat(made).hasSize(1 + LogProducer.RETIRED_MAX);
        made.getFirst().completeNext();

        assertThat(renewal.join(PATIENCE)).isTrue();
        assertThat(made).hasSize(2 + LogProducer.RETIRED_MAX);
    }
}
