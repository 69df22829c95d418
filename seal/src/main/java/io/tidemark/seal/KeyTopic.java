package io.tidemark.seal;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Makes consumers of the keys, which are in no group. Stateless. */
final class KeyTopic {
    /* What is not answered by then is asked for anew by whoever needs it. */
    static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    private static final String FETCH_WAIT_MS = "20";

    private KeyTopic() {}

    static Consumer<byte[], byte[]> consumer(Map<String, String> kafka) {
        return consumer(kafka, Map.of());
    }

    /* At the end of a partition a fetch is under way, and the next partition would wait it out. */
    static Consumer<byte[], byte[]> lookup(Map<String, String> kafka) {
        return consumer(kafka, Map.of("fetch.max.wait.ms", FETCH_WAIT_MS));
    }

    private static Consumer<byte[], byte[]> consumer(
            Map<String, String> kafka, Map<String, String> own) {
        var settings = new HashMap<String, Object>(kafka);
        settings.remove("group.id");
        settings.remove("group.instance.id");
        settings.put("enable.auto.commit", "false");
        settings.put("allow.auto.create.topics", "false");
        settings.put("auto.offset.reset", "none");
        settings.put("default.api.timeout.ms", Long.toString(ANSWER_MAX.toMillis()));
        settings.putAll(own);
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
