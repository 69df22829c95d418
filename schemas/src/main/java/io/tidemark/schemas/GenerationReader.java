package io.tidemark.schemas;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code tidemark.generations} (section 5.6 of the protocol), each time up to where it ends
 * then. Confined to one thread.
 *
 * <p>All methods throw {@link org.apache.kafka.common.KafkaException} if the topic cannot be read,
 * and {@link MalformedRecordException} if what it says cannot be understood: whoever went on would
 * take results for those that count which do not.
 */
public final class GenerationReader implements AutoCloseable {
    /** Longest time for one step of reading. */
    public static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private Generations said = Generations.FIRST;

    /** Reads what is said of the results of an installation. */
    public GenerationReader(Map<String, String> kafka, Topics topics) {
        this(consumer(kafka), topics);
    }

    GenerationReader(Consumer<byte[], byte[]> consumer, Topics topics) {
        this.consumer = consumer;
        this.partition = new TopicPartition(topics.generations().name(), GenerationWord.PARTITION);
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, String> kafka) {
        var settings = new HashMap<String, Object>(kafka);
        settings.remove("group.id");
        settings.remove("group.instance.id");
        settings.put("enable.auto.commit", "false");
        settings.put("allow.auto.create.topics", "false");
        var bytes = new ByteArrayDeserializer();
        return new KafkaConsumer<>(settings, bytes, bytes);
    }

    /** The topics with the results that count now. */
    public static Topics counting(Map<String, String> kafka, Topics topics) {
        try (var reader = new GenerationReader(kafka, topics)) {
            return topics.withGeneration(reader.read().current());
        }
    }

    /** What is said now; nothing, as long as there is no such topic. */
    public Generations read() {
        if (!assigned()) {
            return said;
        }
        long deadline = System.nanoTime() + ANSWER_MAX.toNanos();
        long end = consumer.endOffsets(List.of(partition), ANSWER_MAX).getOrDefault(partition, 0L);
        while (consumer.position(partition, ANSWER_MAX) < end) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException(
                        partition.topic() + " is not read to its end after " + ANSWER_MAX);
            }
            consumer.poll(POLL).records(partition).forEach(record -> said = said.after(record));
        }
        return said;
    }

    private boolean assigned() {
        if (!consumer.assignment().isEmpty()) {
            return true;
        }
        var found = consumer.partitionsFor(partition.topic(), ANSWER_MAX);
        if (found == null || found.isEmpty()) {
            return false;
        }
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        return true;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE_MAX));
    }
}
