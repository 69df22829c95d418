package io.tidemark.edge.internal.http;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Writes commands and waits until all in-sync replicas have them. Thread-safe; blocks, so it is
 * called on virtual threads only.
 *
 * <p>A producer that could not deliver may never deliver again: an idempotent producer can get
 * stuck on one partition's sequence numbers. It is replaced, and the request that met it is
 * refused.
 */
public final class CommandWriter implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(CommandWriter.class);

    private static final int RECORD_BYTES_MAX = 31 * 1024 * 1024;
    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    /** What became of a command. */
    enum Outcome {
        /** It is in the log. */
        ACKNOWLEDGED,
        /** It is larger than the log takes; it is not in it. */
        TOO_LARGE,
        /** There was no acknowledgement in time; it may be in the log or not. */
        UNCERTAIN
    }

    private final Map<String, Object> settings;
    private final String topic;
    private final Duration timeout;
    /* Guarded by this. */
    private Generation current;

    private record Generation(int number, KafkaProducer<byte[], byte[]> producer) {}

    /**
     * A writer.
     *
     * @param kafka Kafka client settings
     * @param topic the topic of commands
     * @param timeout longest wait for the acknowledgement
     */
    public CommandWriter(Map<String, String> kafka, String topic, Duration timeout) {
        this.settings = settings(kafka, timeout);
        this.topic = topic;
        this.timeout = timeout;
        this.current = new Generation(0, newProducer());
    }

    private static Map<String, Object> settings(Map<String, String> kafka, Duration timeout) {
        var settings = new HashMap<String, Object>(kafka);
        int timeoutMs = (int) timeout.toMillis();
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, "tidemark-edge-commands");
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RECORD_BYTES_MAX);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMs);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMs);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
        return settings;
    }

    private KafkaProducer<byte[], byte[]> newProducer() {
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Writes a command and waits for its acknowledgement. */
    Outcome write(Command command) {
        var used = current();
        try {
            used.producer()
                    .send(CommandCodec.record(topic, command))
                    .get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
            return Outcome.ACKNOWLEDGED;
        } catch (ExecutionException e) {
            return e.getCause() instanceof RecordTooLargeException
                    ? Outcome.TOO_LARGE
                    : failed(used, e);
        } catch (TimeoutException | RuntimeException e) {
            return failed(used, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.UNCERTAIN;
        }
    }

    private Outcome failed(Generation used, Exception e) {
        LOGGER.atWarn()
                .addKeyValue("topicName", topic)
                .addKeyValue("error", e.toString())
                .log("command not acknowledged, producer is replaced");
        replace(used);
        return Outcome.UNCERTAIN;
    }

    private synchronized Generation current() {
        return current;
    }

    private void replace(Generation stuck) {
        synchronized (this) {
            if (current.number() != stuck.number()) {
                return;
            }
            current = new Generation(stuck.number() + 1, newProducer());
        }
        stuck.producer().close(Duration.ZERO);
    }

    @Override
    public void close() {
        current().producer().close(CLOSE_MAX);
    }
}
