package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.projector.ProjectorMetrics;

import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Objects;

final class ProjectorTopologyTest {
    @Test
    void isTheOneInTheGoldenFile() throws IOException {
        var metrics = new ProjectorMetrics(new SimpleMeterRegistry(), InstantSource.system());
        var topology =
                new ProjectorTopology(
                                TopologyFixture.TOPICS,
                                new SequenceWaiters(1),
                                metrics,
                                Stores::persistentKeyValueStore)
                        .build();

        assertThat(topology.describe().toString().strip()).isEqualTo(golden().strip());
    }

    private static String golden() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(
                        ProjectorTopologyTest.class.getResourceAsStream("/topology.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
