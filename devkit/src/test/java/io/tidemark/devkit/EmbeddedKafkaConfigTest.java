package io.tidemark.devkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

class EmbeddedKafkaConfigTest {

    private final EmbeddedKafkaConfig config = EmbeddedKafkaConfig.in(Path.of("data"));

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    void refusesPortsThatAreNone(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withPort(port))
                .withMessageContaining(String.valueOf(port));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void refusesNumbersOfBrokersThatItDoesNotRun(int brokers) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withBrokers(brokers))
                .withMessageContaining(String.valueOf(brokers));
    }

    @ParameterizedTest
    @ValueSource(strings = {"listeners", "node.id", "log.dirs", "controller.quorum.voters"})
    void refusesSettingsTheBrokerOwns(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.withBrokerProperty(key, "x"))
                .withMessageContaining(key);
    }

    @Test
    void changesAddUp() {
        var changed =
                config.withPort(9092)
                        .withBrokers(2)
                        .withBrokerProperty("a", "1")
                        .withBrokerProperty("b", "2");

        assertThat(changed.port()).isEqualTo(9092);
        assertThat(changed.brokers()).isEqualTo(2);
        assertThat(changed.brokerProperties()).containsEntry("a", "1").containsEntry("b", "2");
        assertThat(changed.dataDirectory()).isEqualTo(config.dataDirectory());
    }
}
