package io.tidemark.edge.internal.http;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Writes commands and waits until all in-sync replicas have them. Thread-safe; blocks, so it is
 * called on virtual threads only.
 *
 * <p>A producer that could not deliver may never deliver again: an idempotent producer can get
 * stuck on one partition's sequence numbers. It is replaced, the request that met it is refused,
 * and what others have given it still has its time. One that has no room, or does not know the
 * topic's leaders yet, is not stuck, and is kept.
 */
public final class CommandWriter implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(CommandWriter.class);

    private static final String CROWDED = "command not sent";
    private static final String REPLACED = "command not acknowledged, producer is replaced";
    private static final int RECORD_BYTES_MAX = 31 * 1024 * 1024;
    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    /** What became of a command. */
    enum Outcome {
        /** It is in the log. */
        ACKNOWLEDGED,
        /** It is larger than the log takes; it is not in it. */
        TOO_LARGE,
        /** It did not get as far as being sent; it is not in the log. */
        NOT_SENT,
        /** There was no acknowledgement in time; it may be in the log or not. */
        UNCERTAIN
    }

    private final String topic;
    private final Duration timeout;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final ExecutorService retiring = Executors.newVirtualThreadPerTaskExecutor();
    /* Both guarded by this. */
    private Generation current;
    private boolean closed;

    private record Generation(int number, Producer<byte[], byte[]> producer) {}

    /**
     * A writer.
     *
     * @param kafka Kafka client settings
     * @param topic the topic of commands
     * @param timeout longest wait for room in the producer's buffer, and from there on for the
     *     acknowledgement
     */
    public CommandWriter(Map<String, String> kafka, String topic, Duration timeout) {
        this(producers(settings(kafka, timeout)), topic, timeout);
    }

    CommandWriter(Supplier<Producer<byte[], byte[]>> producers, String topic, Duration timeout) {
        this.producers = producers;
        this.topic = topic;
        this.timeout = timeout;
        this.current = new Generation(0, producers.get());
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

    private static Supplier<Producer<byte[], byte[]>> producers(Map<String, Object> settings) {
        return () ->
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Writes a command and waits for its acknowledgement, up to twice the timeout. */
    Outcome write(Command command) {
        return write(CommandCodec.record(topic, command));
    }

    /** Writes a record, of whatever topic, in the same way. */
    Outcome write(ProducerRecord<byte[], byte[]> record) {
        var used = current();
        var caller = Thread.currentThread();
        var turnedAway = new AtomicBoolean();
        try {
            /* What fails within the call never got as far as the producer's buffer. */
            used.producer()
                    .send(
                            record,
                            (_, e) -> {
                                if (e != null && Thread.currentThread().equals(caller)) {
                                    turnedAway.set(true);
                                }
                            })
                    .get(2 * timeout.toMillis(), TimeUnit.MILLISECONDS);
            return Outcome.ACKNOWLEDGED;
        } catch (ExecutionException e) {
            return failed(used, String.valueOf(e.getCause()), e.getCause(), turnedAway.get());
        } catch (TimeoutException e) {
            return failed(used, e.toString(), e, false);
        } catch (InterruptException e) {
            Thread.currentThread().interrupt();
            return Outcome.NOT_SENT;
        } catch (RuntimeException e) {
            return failed(used, e.toString(), e, true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.UNCERTAIN;
        }
    }

    private Outcome failed(
            Generation used, String error, @Nullable Throwable cause, boolean turnedAway) {
        if (cause instanceof RecordTooLargeException) {
            return Outcome.TOO_LARGE;
        }
        boolean crowded = turnedAway && cause instanceof RetriableException;
        LOGGER.atWarn()
                .addKeyValue("topicName", topic)
                .addKeyValue("error", error)
                .log(crowded ? CROWDED : REPLACED);
        if (!crowded) {
            replace(used);
        }
        return turnedAway ? Outcome.NOT_SENT : Outcome.UNCERTAIN;
    }

    private synchronized Generation current() {
        return current;
    }

    private synchronized void replace(Generation stuck) {
        if (closed || current.number() != stuck.number()) {
            return;
        }
        current = new Generation(stuck.number() + 1, producers.get());
        /* Others may wait for it still; by then they have their answer. */
        retiring.execute(() -> stuck.producer().close(timeout));
    }

    /** Waits a while for what is on its way; no producer is made from then on. */
    @Override
    public void close() {
        Generation last;
        synchronized (this) {
            closed = true;
            last = current;
        }
        retiring.shutdown();
        last.producer().close(CLOSE_MAX);
    }
}
