package io.tidemark.devkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.devkit.EmbeddedKafkaException.Reason;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

class EmbeddedKafkaIT {

    private static final String TOPIC = "devkit-test";

    @TempDir Path directory;

    @BeforeAll
    static void leaveExceptionHandlersAlone() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @Test
    void restartOnTheSameDirectoryKeepsRecordsOffsetsAndClusterIdOnAnotherPort() throws Exception {
        // Given
        String clusterId;
        String firstAddress;
        try (var kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory));
                var clients = new KafkaClients(kafka.bootstrapServers())) {
            clients.createTopic(TOPIC, 3);
            clients.produce(TOPIC, "a", "b", "c");
            assertThat(clients.consumeInGroup(TOPIC, "group", 3)).containsExactly("a", "b", "c");
            clusterId = kafka.clusterId();
            firstAddress = kafka.bootstrapServers();
        }
        // When
        try (var holdsTheOldPort = new ServerSocket(portOf(firstAddress));
                var kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory));
                var clients = new KafkaClients(kafka.bootstrapServers())) {
            // Then
            assertThat(portOf(kafka.bootstrapServers()))
                    .isNotEqualTo(holdsTheOldPort.getLocalPort());
            assertThat(kafka.clusterId()).isEqualTo(clusterId);
            assertThat(clients.readAll(TOPIC, 3)).containsExactly("a", "b", "c");
            clients.produce(TOPIC, "d");
            assertThat(clients.consumeInGroup(TOPIC, "group", 1)).containsExactly("d");
        }
    }

    @Test
    void restartsOnTheSameFixedPort() throws Exception {
        var first = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory));
        var port = portOf(first.bootstrapServers());
        first.close();

        try (var second = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory).withPort(port));
                var clients = new KafkaClients(second.bootstrapServers())) {
            assertThat(portOf(second.bootstrapServers())).isEqualTo(port);
            clients.createTopic(TOPIC, 1);
        }
        try (var third = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory).withPort(port));
                var clients = new KafkaClients(third.bootstrapServers())) {
            assertThat(clients.topics()).contains(TOPIC);
        }
    }

    @Test
    void keepsAcknowledgedRecordsWhenTheProcessIsKilled() throws Exception {
        // Given
        var killed = BrokerProcess.start(directory);
        try (var clients = new KafkaClients(killed.bootstrapServers())) {
            clients.createTopic(TOPIC, 2);
            clients.produce(TOPIC, "kept", "too");
        }
        // When
        killed.kill();
        // Then
        try (var kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory));
                var clients = new KafkaClients(kafka.bootstrapServers())) {
            assertThat(clients.readAll(TOPIC, 2)).containsExactly("kept", "too");
        }
    }

    @Test
    void transactionsCommitAndAbort() throws Exception {
        try (var kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory));
                var clients = new KafkaClients(kafka.bootstrapServers());
                var producer = clients.transactionalProducer("devkit-tx")) {
            clients.createTopic(TOPIC, 1);
            producer.initTransactions();

            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, "aborted")).get();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(TOPIC, "committed")).get();
            producer.commitTransaction();

            assertThat(clients.readAll(TOPIC, 1)).containsExactly("committed");
        }
    }

    @Test
    void doesNotCreateTopicsThatNobodyAskedFor() throws Exception {
        try (var kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory));
                var clients = new KafkaClients(kafka.bootstrapServers())) {
            assertThatThrownBy(() -> clients.produce("never-created", "x"))
                    .hasMessageContaining("never-created");
            assertThat(clients.topics()).isEmpty();
        }
    }

    @Test
    void takesBrokerPropertiesOverTheDefaults() throws Exception {
        var config =
                EmbeddedKafkaConfig.in(directory)
                        .withBrokerProperty("message.max.bytes", "12345")
                        .withBrokerProperty("num.io.threads", "1");
        try (var kafka = EmbeddedKafka.start(config);
                var clients = new KafkaClients(kafka.bootstrapServers())) {
            assertThat(clients.brokerSetting("message.max.bytes")).isEqualTo("12345");
            assertThat(clients.brokerSetting("num.io.threads")).isEqualTo("1");
        }
    }

    @Test
    void severalBrokersHaveReplicasAndFindThemAgain() throws Exception {
        // Given
        var config =
                EmbeddedKafkaConfig.in(directory)
                        .withBrokers(2)
                        .withBrokerProperty("default.replication.factor", "2");
        try (var kafka = EmbeddedKafka.start(config);
                var clients = new KafkaClients(kafka.bootstrapServers())) {
            assertThat(kafka.bootstrapServers().split(",", -1)).hasSize(2);
            clients.createTopic(TOPIC, 1);
            clients.produce(TOPIC, "kept");
            assertThat(clients.inSync(TOPIC)).containsExactly(1, 2);
        }
        // When
        try (var kafka = EmbeddedKafka.start(config);
                var clients = new KafkaClients(kafka.bootstrapServers())) {
            // Then
            assertThat(clients.readAll(TOPIC, 1)).containsExactly("kept");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(clients.inSync(TOPIC)).containsExactly(1, 2));
        }
    }

    @Test
    void refusesADirectoryThatAnotherBrokerHas() throws Exception {
        try (var _ = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory))) {
            assertStartFails(EmbeddedKafkaConfig.in(directory), Reason.DIRECTORY_IN_USE, "in use");
        }
        try (var other = BrokerProcess.start(directory)) {
            assertThat(other.bootstrapServers()).startsWith("127.0.0.1:");
            assertStartFails(EmbeddedKafkaConfig.in(directory), Reason.DIRECTORY_IN_USE, "in use");
        }
        EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory)).close();
    }

    @Test
    void refusesATakenPortAndStartsOnceItIsFree() throws Exception {
        EmbeddedKafkaConfig config;
        try (var taken = new ServerSocket(0)) {
            config = EmbeddedKafkaConfig.in(directory).withPort(taken.getLocalPort());
            assertStartFails(config, Reason.PORT_UNAVAILABLE, "127.0.0.1:" + taken.getLocalPort());
        }
        EmbeddedKafka.start(config).close();
    }

    @Test
    void refusesAFileAsDirectory() throws Exception {
        var file = Files.createFile(directory.resolve("file"));

        assertStartFails(EmbeddedKafkaConfig.in(file), Reason.DIRECTORY_UNUSABLE, "file");
    }

    @Test
    void aBadSettingFailsTheStartAndLeavesNothingBehind() throws Exception {
        var config = EmbeddedKafkaConfig.in(directory);

        assertStartFails(
                config.withBrokerProperty("num.io.threads", "none"),
                Reason.START_FAILED,
                "num.io.threads");

        EmbeddedKafka.start(config).close();
    }

    @Test
    void closeLeavesNoThreadThatKeepsTheProcessAlive() {
        // Given
        var before = nonDaemonThreads();
        var kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(directory));
        assertThat(nonDaemonThreads()).isNotEqualTo(before);
        // When
        kafka.close();
        kafka.close();
        // Then
        assertThat(nonDaemonThreads()).isEqualTo(before);
    }

    @Test
    void aProcessThatOnlyClosesItsBrokerEnds() throws Exception {
        try (var process = BrokerProcess.start(directory)) {
            assertThat(process.stopCleanly(Duration.ofSeconds(30))).isZero();
        }
    }

    private static void assertStartFails(
            EmbeddedKafkaConfig config, Reason reason, String messagePart) {
        assertThatThrownBy(() -> EmbeddedKafka.start(config))
                .isInstanceOfSatisfying(
                        EmbeddedKafkaException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(messagePart);
    }

    private static Set<Thread> nonDaemonThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !thread.isDaemon())
                .collect(Collectors.toSet());
    }

    private static int portOf(String address) {
        return Integer.parseInt(List.of(address.split(":", -1)).getLast());
    }
}
