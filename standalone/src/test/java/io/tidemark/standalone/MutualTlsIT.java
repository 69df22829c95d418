package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.schemas.KafkaRole;
import io.tidemark.standalone.client.TextAssembly;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.standalone.settings.SettingsLoader;
import io.tidemark.testkit.HasOwnKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Every role over TLS, each with a certificate of its own, which is who it is to Kafka. */
@HasOwnKafka(because = "it asks for certificates")
final class MutualTlsIT {
    private static final List<KafkaRole> ROLES =
            List.of(
                    KafkaRole.TOPICS,
                    KafkaRole.INGEST,
                    KafkaRole.PROJECTOR,
                    KafkaRole.EDGE,
                    KafkaRole.VERIFY);

    @TempDir private static Path data;

    private static final ShutdownStack STACK = new ShutdownStack();
    private static Certificates certificates;
    private static GuardedKafka kafka;
    private static List<String> common;

    @BeforeAll
    static void start() throws Exception {
        certificates = new Certificates(data.resolve("certificates"));
        certificates.issue("broker");
        certificates.issue(GuardedKafka.ADMIN);
        for (var role : ROLES) {
            certificates.issue(role.word());
        }
        kafka = STACK.push("kafka", GuardedKafka.tls(data, certificates));
        var simulator =
                STACK.push("simulator", ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT));
        common = List.of("topics.partitions=2", "providers.openai.base-url=" + simulator.baseUrl());
        ROLES.forEach(role -> kafka.allow(role, common));
        var made = kafka.run(KafkaRole.TOPICS.word(), common, "topics");
        assertThat(made.exitCode()).as(made.err()).isZero();
    }

    @AfterAll
    static void stop() {
        STACK.close();
    }

    private static Roles roles(KafkaRole role) {
        var settings = kafka.settings(role.word(), common.toArray(String[]::new));
        return new Roles(settings, Roles.bootstrapServers(settings));
    }

    private static Providers providers() {
        return Providers.of(SettingsLoader.load(null, Map.of(), common));
    }

    @Test
    void allRolesDoTheirWork() throws Exception {
        try (var stack = new ShutdownStack()) {
            var projector = roles(KafkaRole.PROJECTOR).projector(stack, "p", 0);
            roles(KafkaRole.INGEST).ingest(stack, providers(), "w", Duration.ZERO);
            Roles.awaitReady(projector);
            var edge =
                    roles(KafkaRole.EDGE).edge(stack, providers(), List.of(projector.address()), 0);
            assertMainJob(edge);
            var verified = kafka.run(KafkaRole.VERIFY.word(), common, "verify", "--closed");
            assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
        }
    }

    private static void assertMainJob(URI edge) throws Exception {
        try (var client = new TidemarkClient(edge)) {
            var id = client.start("openai.responses", TestSystem.request("sim-answer", Map.of()));
            var assembly = new TextAssembly();
            Followed.follow(client, id, assembly, Integer.MAX_VALUE);
            assertThat(assembly.ended()).isTrue();
            assertThat(client.response(id, assembly.tidemark()).path("status").asText())
                    .isEqualTo("completed");
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityIsNobody() throws Exception {
        var others = new Certificates(data.resolve("others"));
        others.issue("verify");
        var settings =
                List.of(
                        "kafka.ssl.keystore.location=" + others.keyStore("verify"),
                        "topics.partitions=2");

        var said = kafka.runInstead(KafkaRole.VERIFY.word(), settings, "verify");

        assertThat(said.exitCode()).isNotZero();
        assertThat(said.err()).containsAnyOf("SSL", "Ssl").doesNotContain(Certificates.PASSWORD);
    }

    @Test
    void aCertificateWithoutRightsIsToldWhatItLacks() {
        var said = kafka.run(KafkaRole.EDGE.word(), common, "verify");

        assertThat(said.exitCode()).isNotZero();
        assertThat(said.err())
                .contains("Kafka does not allow the principal of verify")
                .contains("READ on topic tidemark.generations");
    }
}
