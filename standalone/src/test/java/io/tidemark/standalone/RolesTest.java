package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.standalone.settings.Settings;
import io.tidemark.standalone.settings.SettingsLoader;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class RolesTest {
    private static final String HERE = "127.0.0.1:1";

    private static Settings settings(String... settings) {
        return SettingsLoader.load(null, Map.of(), List.of(settings));
    }

    @Test
    void inOneProcessTopicsHaveFewPartitionsUnlessTheirNumberIsSet() {
        assertThat(Roles.beside(HERE, settings()).topics().partitions()).isEqualTo(4);
        assertThat(Roles.beside(HERE, settings("topics.partitions=12")).topics().partitions())
                .isEqualTo(12);
        assertThat(new Roles(settings(), HERE).topics().partitions()).isEqualTo(12);
    }

    @Test
    void inOneProcessNothingThatIsWaitedForIsCompressedUnlessItIsAskedFor() {
        var asked = settings("kafka.compression.type=zstd");

        assertThat(Roles.beside(HERE, settings()).liveKafkaProperties())
                .containsEntry("compression.type", "none")
                .containsEntry("bootstrap.servers", HERE);
        assertThat(Roles.beside(HERE, asked).liveKafkaProperties())
                .containsEntry("compression.type", "zstd");
        assertThat(new Roles(settings(), HERE).liveKafkaProperties())
                .doesNotContainKey("compression.type");
        assertThat(Roles.beside(HERE, settings()).kafkaProperties())
                .as("what the projector writes in batches")
                .doesNotContainKey("compression.type");
    }

    @Test
    void clientsGiveAConnectionUpThatDoesNotComeUnlessTheyAreToldToWait() {
        var told = settings("kafka.socket.connection.setup.timeout.ms=20000");

        assertThat(new Roles(settings(), HERE).kafkaProperties())
                .containsEntry("socket.connection.setup.timeout.ms", "2500");
        assertThat(new Roles(told, HERE).kafkaProperties())
                .containsEntry("socket.connection.setup.timeout.ms", "20000");
    }
}
