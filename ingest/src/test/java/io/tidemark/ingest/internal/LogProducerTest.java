package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

class LogProducerTest {
    private final List<MockProducer<byte[], byte[]>> made = new ArrayList<>();
    private final LogProducer producer =
            new LogProducer(this::make, new IngestMetrics(new SimpleMeterRegistry()));

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

    private CompletableFuture<RecordMetadata> send() {
        return producer.sent(new ProducerRecord<>("topic", 0, new byte[0], new byte[0]));
    }

    @Test
    void replacesAProducerThatFailedOnceForAllWhoNotice() {
        var sent = send();
        made.getFirst().errorNext(new TimeoutException("stuck"));

        producer.renew();
        producer.renew();

        assertThat(sent).isCompletedExceptionally();
        assertThat(made).hasSize(2);
        assertThat(made.getFirst().closed()).isTrue();
        assertThat(send()).isNotDone();
        assertThat(made.getLast().history()).hasSize(1);
    }

    @Test
    void keepsTheOneThatFailedUntilThereIsAnother() {
        var _ = send();
        made.getFirst().errorNext(new TimeoutException("stuck"));
        refusals = 1;

        assertThatThrownBy(producer::renew).isInstanceOf(KafkaException.class);
        assertThat(made.getFirst().closed()).isFalse();
        producer.renew();

        assertThat(made).hasSize(2);
        assertThat(made.getFirst().closed()).isTrue();
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
}
