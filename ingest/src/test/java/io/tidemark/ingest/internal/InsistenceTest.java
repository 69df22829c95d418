package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

class InsistenceTest {
    private final List<MockProducer<byte[], byte[]>> made = new ArrayList<>();
    private final CountDownLatch abandoned = new CountDownLatch(1);
    private final AtomicInteger attempts = new AtomicInteger();
    private final LogProducer producer =
            new LogProducer(
                    this::make,
                    Duration.ofMinutes(1),
                    new IngestMetrics(new SimpleMeterRegistry()));
    private final Insistence insistence = new Insistence(producer, Duration.ofMillis(1), abandoned);
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

    private void breakProducer() {
        var _ = producer.sent(new ProducerRecord<>("topic", 0, new byte[0], new byte[0]));
        made.getLast().errorNext(new TimeoutException("stuck"));
    }

    @Test
    void outlivesAProducerThatCannotBeReplacedAtOnce() {
        breakProducer();
        refusals = 2;

        var taken = insistence.untilTaken(attempts::incrementAndGet);

        assertThat(taken).hasValue(1);
        assertThat(refusals).isZero();
        assertThat(made).hasSize(2);
    }

    @Test
    void replacesTheProducerBeforeTheFirstAttempt() {
        breakProducer();

        var madeByThen = insistence.untilTaken(made::size);

        assertThat(madeByThen).hasValue(2);
    }

    @Test
    void outlivesABugOfOurs() {
        var taken =
                insistence.untilTaken(() -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new IllegalStateException("a bug");
                    }
                    return attempts.get();
                });

        assertThat(taken).hasValue(3);
    }

    @Test
    void givesUpWhatIsNotOursAnyMore() {
        var taken =
                insistence.untilTaken(() -> {
                    abandoned.countDown();
                    throw new LogFailedException("write", new TimeoutException("late"));
                });

        assertThat(taken).isEmpty();
    }
}
