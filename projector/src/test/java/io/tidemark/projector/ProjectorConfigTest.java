package io.tidemark.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schemas.Topics;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

final class ProjectorConfigTest {
    private static final Map<String, String> KAFKA = Map.of("bootstrap.servers", "localhost:9092");

    private final ProjectorConfig config =
            ProjectorConfig.of(KAFKA, Topics.defaults(), Path.of("state"));

    @Test
    void namesTheApplicationAfterThePrefix() {
        assertThat(config.applicationId()).isEqualTo("tidemark-projector");
    }

    @Test
    void needsBrokers() {
        assertThatThrownBy(() -> ProjectorConfig.of(Map.of(), Topics.defaults(), Path.of("state")))
                .hasMessage("kafka must hold bootstrap.servers");
    }

    @Test
    void keepsItsPromisesToItself() {
        var kafka = Map.of("bootstrap.servers", "x:1", "processing.guarantee", "at_least_once");

        assertThatThrownBy(() -> ProjectorConfig.of(kafka, Topics.defaults(), Path.of("state")))
                .hasMessageContaining("processing.guarantee");
    }

    @Test
    void namesTheFieldAndTheValueThatAreWrong() {
        assertThatThrownBy(() -> config.withThreads(0, 0))
                .hasMessage("threads must be 1 to 64, was 0");
        assertThatThrownBy(() -> config.withThreads(1, 9))
                .hasMessage("standbyReplicas must be 0 to 3, was 9");
        assertThatThrownBy(() -> config.withAddress("127.0.0.1", -1))
                .hasMessage("port must be 0 to 65535, was -1");
        for (var address : List.of("host", "host:0", "host:x", "::1:80", "a b:80", "")) {
            assertThatThrownBy(() -> config.withAdvertisedAddress(address))
                    .hasMessageContaining("advertisedAddress must be HOST:PORT");
        }
        assertThat(config.withAdvertisedAddress("[::1]:80").advertisedAddress())
                .isEqualTo("[::1]:80");
        assertThatThrownBy(() -> config.withInstanceId("a b"))
                .hasMessageContaining("instanceId")
                .hasMessageContaining("a b");
    }

    @Test
    void showsNoKafkaSetting() {
        var secret = Map.of("bootstrap.servers", "x:1", "sasl.jaas.config", "hush");

        assertThat(ProjectorConfig.of(secret, Topics.defaults(), Path.of("state")).toString())
                .doesNotContain("hush");
    }
}
