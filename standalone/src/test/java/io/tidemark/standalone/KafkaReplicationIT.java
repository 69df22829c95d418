package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.schemas.KafkaRole;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.testkit.HasOwnKafka;

import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Three brokers that know their users: every topic has three copies, of which two have a record.
 */
@HasOwnKafka(because = "it has three brokers")
final class KafkaReplicationIT {
    private static final List<KafkaRole> ROLES =
            List.of(
                    KafkaRole.TOPICS,
                    KafkaRole.INGEST,
                    KafkaRole.PROJECTOR,
                    KafkaRole.EDGE,
                    KafkaRole.VERIFY);

    @TempDir private Path data;

    @Test
    void allTopicsAreCopiedAsIsSaidAndTheProjectorsOwnToo() throws Exception {
        try (var kafka = GuardedKafka.scram(data, 3, Map.of());
                var simulator = ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT);
                var stack = new ShutdownStack()) {
            var common =
                    List.of(
                            "topics.partitions=2",
                            "topics.replication-factor=3",
                            "topics.min-insync-replicas=2",
                            "providers.openai.base-url=" + simulator.baseUrl());
            ROLES.forEach(role -> kafka.allow(role, common));
            var made = kafka.run(KafkaRole.TOPICS.word(), common, "topics");
            assertThat(made.exitCode()).as(made.err()).isZero();

            var projector = roles(kafka, KafkaRole.PROJECTOR, common).projector(stack, "p", 0);
            var providers = Providers.of(kafka.settings("ingest", common.toArray(String[]::new)));
            roles(kafka, KafkaRole.INGEST, common).ingest(stack, providers, "w", Duration.ZERO);
            Roles.awaitReady(projector);
            var edge =
                    roles(kafka, KafkaRole.EDGE, common)
                            .edge(stack, providers, List.of(projector.address()), 0);
            try (var client = new TidemarkClient(edge)) {
                var id =
                        client.start(
                                "openai.responses", TestSystem.request("sim-answer", Map.of()));
                assertThat(Followed.whole(client, id).getLast().type())
                        .isEqualTo("stream.completed");
            }

            assertCopies(kafka);
            var verified = kafka.run(KafkaRole.VERIFY.word(), common, "verify", "--closed");
            assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
        }
    }

    private static Roles roles(GuardedKafka kafka, KafkaRole role, List<String> common) {
        var settings = kafka.settings(role.word(), common.toArray(String[]::new));
        return new Roles(settings, Roles.bootstrapServers(settings));
    }

    private static void assertCopies(GuardedKafka kafka) throws Exception {
        var admin = kafka.admin();
        var names =
                admin.listTopics().names().get().stream()
                        .filter(it -> it.startsWith("tidemark"))
                        .toList();
        assertThat(names).anyMatch(it -> it.endsWith("-changelog"));
        Collection<TopicDescription> topics =
                admin.describeTopics(names).allTopicNames().get().values();
        assertThat(topics)
                .allSatisfy(topic ->
                        assertThat(topic.partitions())
                                .as(topic.name())
                                .allSatisfy(it -> assertThat(it.replicas()).hasSize(3)));
        var resources =
                names.stream()
                        .map(it -> new ConfigResource(ConfigResource.Type.TOPIC, it))
                        .toList();
        assertThat(admin.describeConfigs(resources).all().get())
                .allSatisfy((topic, settings) ->
                        assertThat(settings.get("min.insync.replicas").value())
                                .as(topic.name())
                                .isEqualTo("2"));
    }
}
