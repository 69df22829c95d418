package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.projector.ProjectorConfig;
import io.tidemark.schemas.Topics;

import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What Kafka Streams makes of the settings for its clients. */
final class StreamsSettingsTest {
    private static final String SERVER = "127.0.0.1:8081";

    private final RocksMemory memory = new RocksMemory();

    @AfterEach
    void close() {
        memory.close();
    }

    @Test
    void hasDefaultsOfItsOwn() {
        assertThat(producer(Map.of()))
                .containsEntry("linger.ms", 10)
                .containsEntry("compression.type", "lz4");
        assertThat(consumer(Map.of()))
                .containsEntry("session.timeout.ms", 6_000)
                .containsEntry("heartbeat.interval.ms", 2_000)
                .containsEntry("request.timeout.ms", 3_000);
    }

    @Test
    void fetchesEventsInBatchesThatAreNotLongInComing() {
        assertThat(consumer(Map.of()))
                .containsEntry("fetch.min.bytes", 65_536)
                .containsEntry("fetch.max.wait.ms", 25);
        assertThat(settings(Map.of()).getRestoreConsumerConfigs("client"))
                .doesNotContainKey("fetch.min.bytes");
    }

    @Test
    void prefersWhatTheOperatorGivesInWhateverForm() {
        assertThat(producer(Map.of("linger.ms", "5"))).containsEntry("linger.ms", "5");
        assertThat(producer(Map.of("producer.linger.ms", "6"))).containsEntry("linger.ms", "6");
        assertThat(consumer(Map.of("session.timeout.ms", "7000")))
                .containsEntry("session.timeout.ms", "7000");
        assertThat(consumer(Map.of("request.timeout.ms", "20000")))
                .containsEntry("request.timeout.ms", "20000");
        assertThat(consumer(Map.of("consumer.session.timeout.ms", "8000")))
                .containsEntry("session.timeout.ms", "8000");
        assertThat(consumer(Map.of("main.consumer.session.timeout.ms", "9000")))
                .containsEntry("session.timeout.ms", "9000");
    }

    @Test
    void keepsTheOtherDefaultsBesideWhatTheOperatorGives() {
        assertThat(producer(Map.of("linger.ms", "5"))).containsEntry("compression.type", "lz4");
    }

    @Test
    void keepsWhatPromisesRestOn() {
        assertThat(producer(Map.of("max.request.size", "1000")).get("max.request.size"))
                .isNotEqualTo("1000");
    }

    private Map<String, Object> producer(Map<String, String> given) {
        return settings(given).getProducerConfigs("client");
    }

    private Map<String, Object> consumer(Map<String, String> given) {
        return settings(given).getMainConsumerConfigs("group", "client", 0);
    }

    private StreamsConfig settings(Map<String, String> given) {
        var kafka = new HashMap<>(given);
        kafka.put("bootstrap.servers", "none:1");
        var config = ProjectorConfig.of(kafka, Topics.defaults(), Path.of("state"));
        return new StreamsConfig(StreamsSettings.of(config, memory, SERVER));
    }
}
