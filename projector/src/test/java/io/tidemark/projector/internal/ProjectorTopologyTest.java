package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.schemas.PriceTable;
import io.tidemark.seal.Opener;

import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Objects;

final class ProjectorTopologyTest {
    @Test
    void isTheOneInTheGoldenFile() throws IOException {
        assertThat(described(false)).isEqualTo(golden());
    }

    @Test
    void deletesKeysBesidesWhereThereAreSome() throws IOException {
        var added = new ArrayList<>(described(true).lines().map(String::strip).toList());
        golden().lines().map(String::strip).forEach(added::remove);

        /* Whom a source feeds is said in no order. */
        assertThat(added.removeFirst()).contains("eraser", "erasure-keeper", "key-deleter");
        assertThat(added)
                .containsExactly(
                        "Processor: key-deleter (stores: [])",
                        "--> keys-sink",
                        "<-- erasures-source",
                        "Sink: keys-sink (topic: tidemark.keys)",
                        "<-- key-deleter");
    }

    private static String described(boolean keyed) {
        var metrics = new ProjectorMetrics(new SimpleMeterRegistry(), InstantSource.system());
        var topology =
                new ProjectorTopology(
                                TopologyFixture.TOPICS,
                                PriceTable.NONE,
                                new SequenceWaiters(1),
                                metrics,
                                TopologyFixture.SILENT_AFTER,
                                Stores::persistentKeyValueStore,
                                new StoreFiles(metrics),
                                Openings.of(Opener.withoutKeys(), keyed))
                        .build();

        return topology.describe().toString().strip();
    }

    private static String golden() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(
                        ProjectorTopologyTest.class.getResourceAsStream("/topology.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
