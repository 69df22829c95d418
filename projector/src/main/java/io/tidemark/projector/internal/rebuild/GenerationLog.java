package io.tidemark.projector.internal.rebuild;

import io.tidemark.projector.RebuildFailedException;
import io.tidemark.schemas.GenerationWord;
import io.tidemark.schemas.Topics;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Where is said which generation of results counts, and which is made. Thread-safe. */
final class GenerationLog {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    private final Topics topics;
    private final Producer<byte[], byte[]> producer;

    /** A log that uses this producer and does not close it. */
    GenerationLog(Topics topics, Producer<byte[], byte[]> producer) {
        this.topics = topics;
        this.producer = producer;
    }

    /** Says something; returns when the log has it. */
    void say(GenerationWord word) throws InterruptedException {
        send(word.record(topics.generations().name()));
    }

    private void send(ProducerRecord<byte[], byte[]> record) throws InterruptedException {
        try {
            producer.send(record).get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new RebuildFailedException(
                    "cannot write to " + record.topic() + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new RebuildFailedException(
                    "cannot write to " + record.topic() + ": no answer after " + ANSWER_MAX, e);
        }
    }
}
