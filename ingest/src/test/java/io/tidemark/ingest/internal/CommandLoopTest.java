package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import io.tidemark.ingest.IngestConfig;
import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.schemas.Topics;

import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class CommandLoopTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(CommandLoop.class);

    /** A consumer whose poll fails. */
    private static final class Failing extends MockConsumer<byte[], byte[]> {
        private final Throwable failure;

        Failing(Throwable failure) {
            super("earliest");
            this.failure = failure;
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tellsThatItHasEndedWhateverEndedIt(boolean bug) throws Exception {
        var failure = bug ? new StackOverflowError("hunter2") : new KafkaException("hunter2");
        var consumer = new Failing(failure);
        var services =
                TestStreams.services(
                        new ResponsesApi(),
                        new MockProducer<>(
                                true, null, new ByteArraySerializer(), new ByteArraySerializer()));
        var loop =
                new CommandLoop(
                        config(),
                        consumer,
                        () -> consumer,
                        services,
                        new TestLetters().letters(),
                        TestStreams.CLOCK);

        var logged = new ListAppender<ILoggingEvent>();
        logged.start();
        logger.addAppender(logged);

        loop.run();

        logger.detachAppender(logged);
        assertThat(logged.list)
                .filteredOn(event -> event.getLevel() == Level.ERROR)
                .singleElement()
                .satisfies(event ->
                        assertThat(event.getKeyValuePairs().getFirst().value)
                                .isEqualTo(failure.getClass().getName()));

        assertThat(loop.stopped().exceptionNow()).isSameAs(failure);
        assertThat(loop.awaitAssigned(Duration.ZERO)).isTrue();
        assertThat(consumer.closed()).isTrue();
    }

    private static IngestConfig config() {
        var provider =
                ProviderConfig.of(
                        "openai",
                        List.of(ResponsesApi.NAME),
                        URI.create("http://127.0.0.1:9/v1"),
                        null);
        return IngestConfig.of(
                Map.of("bootstrap.servers", "localhost:9092"),
                Topics.defaults(),
                "worker-1",
                List.of(provider));
    }
}
