package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.ingest.IngestConfig;
import io.tidemark.ingest.ProviderConfig;
import io.tidemark.schemas.Topics;

import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

class WorkerTest {
    private static Set<Thread> producerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("kafka-producer-network-thread"))
                .collect(Collectors.toSet());
    }

    @Test
    void leavesNothingRunningWhenItCannotBeMade() {
        var kafka = Map.of("bootstrap.servers", "localhost:9", "max.poll.records", "none");
        var provider =
                ProviderConfig.of("openai", List.of("any"), URI.create("http://127.0.0.1:9"), null);
        var config = IngestConfig.of(kafka, Topics.defaults(), "worker-1", List.of(provider));
        var before = producerThreads();

        assertThatThrownBy(
                        () -> Worker.assemble(config, new SimpleMeterRegistry(), TestStreams.CLOCK))
                .isInstanceOf(ConfigException.class);

        assertThat(producerThreads()).isSubsetOf(before);
    }
}
