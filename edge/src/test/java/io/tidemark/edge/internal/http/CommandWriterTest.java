package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.edge.internal.http.CommandWriter.Outcome;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

class CommandWriterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Command CANCEL =
            new Command.Cancel(StreamId.mint(InstantSource.system(), new Random(1), 0), 1);

    private final List<FakeProducer> made = new ArrayList<>();
    private final CommandWriter writer = new CommandWriter(this::producer, "commands", PATIENCE);

    private FakeProducer producer() {
        made.add(new FakeProducer());
        return made.getLast();
    }

    /** A producer that can be told to turn a record away as Kafka's does: within the call. */
    private static final class FakeProducer extends MockProducer<byte[], byte[]> {
        @Nullable RuntimeException full;

        FakeProducer() {
            super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
            if (full == null) {
                return super.send(record, callback);
            }
            if (callback != null) {
                callback.onCompletion(null, full);
            }
            return CompletableFuture.failedFuture(full);
        }
    }

    @Test
    void aFullBufferTurnsAwayOneCommandAndKeepsTheProducerOfTheOthers() {
        var other = CompletableFuture.supplyAsync(() -> writer.write(CANCEL));
        Awaitility.await().until(() -> made.getFirst().history().size() == 1);
        made.getFirst().full = new BufferExhaustedException("full");

        assertThat(writer.write(CANCEL)).isEqualTo(Outcome.NOT_SENT);

        made.getFirst().completeNext();
        assertThat(other.join()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(made).hasSize(1);
    }

    @Test
    void aCommandThatIsTooLargeSaysNothingAboutTheProducer() {
        made.getFirst().full = new RecordTooLargeException("large");

        assertThat(writer.write(CANCEL)).isEqualTo(Outcome.TOO_LARGE);
        assertThat(made).hasSize(1);
    }

    @Test
    void aProducerThatDoesNotDeliverIsReplacedAndClosed() {
        made.clear();
        var impatient = new CommandWriter(this::producer, "commands", SOON);

        assertThat(impatient.write(CANCEL)).isEqualTo(Outcome.UNCERTAIN);

        assertThat(made).hasSize(2);
        Awaitility.await().until(() -> made.getFirst().closed());
        assertThat(made.getLast().closed()).isFalse();
    }

    @Test
    void aProducerThatIsBrokenIsReplacedAndTheCommandWasNotSent() {
        made.getFirst().sendException = new KafkaException("fatal state");

        assertThat(writer.write(CANCEL)).isEqualTo(Outcome.NOT_SENT);
        assertThat(made).hasSize(2);
    }

    @Test
    void noProducerIsMadeAfterTheClose() {
        writer.close();

        assertThat(writer.write(CANCEL)).isEqualTo(Outcome.NOT_SENT);
        assertThat(made).hasSize(1).allMatch(MockProducer::closed);
    }

    @Test
    void aTopicThatIsNotKnownInTimeMeansThatNothingWasSent() {
        var nowhere = Map.of("bootstrap.servers", "127.0.0.1:1");
        try (var unconnected = new CommandWriter(nowhere, "commands", SOON)) {
            assertThat(unconnected.write(CANCEL)).isEqualTo(Outcome.NOT_SENT);
        }
    }
}
