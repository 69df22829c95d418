package io.tidemark.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.Engine.Found;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

import java.util.Map;

/** The engine and the image of this machine, where there are any. */
class ContainerIT {

    @Test
    void aBrokerInAContainerServesClientsOfThisMachine() throws Exception {
        var found = new DockerEngine().find(SharedKafka.IMAGE);
        if (found instanceof Found.Missing(var why)) {
            System.out.println("SKIPPED: Kafka in a container, as " + why);
            return;
        }

        var kafka =
                SharedKafka.start(
                        KafkaChoice.parse("container").decide(_ -> found, SharedKafka.IMAGE));

        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            assertThat(admin.describeCluster().nodes().get()).hasSize(1);
        }
    }

    @Test
    void anImageThatIsNotThereIsNamed() {
        if (new DockerEngine().find("tidemark/none:0") instanceof Found.Missing(var why)) {
            System.out.println("Docker: " + why);
            assertThat(why).isNotEmpty();
        } else {
            throw new AssertionError("there is an image tidemark/none:0");
        }
    }
}
