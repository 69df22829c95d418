package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import io.tidemark.testkit.RunsOnKafka;
import io.tidemark.testkit.TestKafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Against a real broker; each test has a prefix, and so topics, of its own. */
@RunsOnKafka
class TopicProvisionerIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static TestKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void start(TestKafka kafka) {
        TopicProvisionerIT.kafka = kafka;
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
    }

    @Test
    void createsWhatIsMissingWithItsSettings(TestInfo test) throws Exception {
        var topics = topics(test, 3);

        var partitions = provisioner(topics).ensure(topics.all());

        assertThat(partitions)
                .hasSameSizeAs(topics.all())
                .allSatisfy((_, number) -> assertThat(number).isEqualTo(3));
        for (var topic : topics.all()) {
            assertThat(settingsOf(topic)).containsAllEntriesOf(topic.settings());
        }
    }

    @Test
    void leavesATopicThatKeepsItsPromisesAsItIs(TestInfo test) throws Exception {
        var topics = topics(test, 3);
        provisioner(topics).ensure(topics.all());
        var later = new Topics(topics.prefix(), 9, (short) 1, day(30), day(2), day(60));

        var partitions = provisioner(later).ensure(later.all());

        assertThat(partitions.values()).containsOnly(3);
        assertThat(settingsOf(topics.events())).containsAllEntriesOf(topics.events().settings());
    }

    @Test
    void onlyCheckingItNamesWhatIsWrongOrMissingAndChangesNothing(TestInfo test) throws Exception {
        var topics = topics(test, 2).managed(TopicManagement.CHECK);
        create(topics.events(), 2, Map.of("cleanup.policy", "compact"));
        var before = settingsOf(topics.events());

        assertThatThrownBy(() -> provisioner(topics).ensure(List.of(topics.events())))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining(
                        "topic " + topics.events().name() + " has cleanup.policy=compact");
        assertThatThrownBy(() -> provisioner(topics).ensure(topics.all()))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining("topics are missing")
                .hasMessageContaining(topics.commands().name())
                .hasMessageContaining("topics.management=check creates none");

        assertThat(settingsOf(topics.events())).isEqualTo(before);
        assertThat(admin.listTopics().names().get()).doesNotContain(topics.commands().name());
    }

    @Test
    void managingSetsTopicsThatAreThereAsTheyAreMeant(TestInfo test) throws Exception {
        var topics = topics(test, 2);
        create(topics.events(), 2, Map.of("cleanup.policy", "compact", "segment.jitter.ms", "7"));
        provisioner(topics.managed(TopicManagement.MANAGE)).ensure(topics.all());
        var later =
                new Topics(topics.prefix(), 2, (short) 1, day(30), day(2), day(60))
                        .managed(TopicManagement.MANAGE)
                        .withMinInSyncReplicas((short) 1);

        provisioner(later).ensure(later.all());

        for (var topic : later.all()) {
            assertThat(settingsOf(topic)).containsAllEntriesOf(topic.settings());
        }
        assertThat(settingsOf(later.events()))
                .as("what is not ours stays")
                .containsEntry("segment.jitter.ms", "7");
    }

    @Test
    void addsPartitionsToAllTopicsAndThoseOfTheProjectorAlone(TestInfo test) throws Exception {
        var topics = topics(test, 2);
        provisioner(topics).ensure(topics.all());
        var store = internal(topics.projector() + "-progress-changelog");
        var other = internal(topics.projector() + "-g7-progress-changelog");
        create(store, 2, Map.of());
        create(other, 2, Map.of());

        var grown = provisioner(topics).grow(5);

        assertThat(grown)
                .hasSize(topics.all().size() + 1)
                .containsEntry(topics.events().name(), 2)
                .containsEntry(store.name(), 2)
                .doesNotContainKey(other.name());
        assertThat(provisioner(topics).ensure(topics.all()).values()).containsOnly(5);
        assertThat(provisioner(topics).grow(5)).isEmpty();
        assertThatThrownBy(() -> provisioner(topics).grow(3))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining("has 5 partitions, which cannot be made 3");
    }

    private static Topic internal(String name) {
        return new Topic(name, Map.of(), List.of());
    }

    @Test
    void refusesATopicThatBreaksAPromiseSayingWhichAndWhy(TestInfo test) throws Exception {
        var topics = topics(test, 2);
        create(topics.events(), 2, Map.of("cleanup.policy", "compact"));

        assertThatThrownBy(() -> provisioner(topics).ensure(topics.all()))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining(
                        "topic " + topics.events().name() + " has cleanup.policy=compact")
                .hasMessageContaining(
                        "must be one of [delete]: all records of a stream share its key")
                .hasMessageContaining("has message.timestamp.type=CreateTime")
                .hasMessageContaining("must be one of [LogAppendTime]: streams are located by");
    }

    @Test
    void refusesAResultTopicThatDoesNotTakeEveryResult(TestInfo test) throws Exception {
        var topics = topics(test, 2);
        create(topics.responses(), 2, Map.of("cleanup.policy", "compact"));
        create(topics.usage(), 2, Map.of());

        assertThatThrownBy(() -> provisioner(topics).ensure(topics.all()))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining("topic " + topics.responses().name() + " has max.message")
                .hasMessageContaining("topic " + topics.usage().name() + " has max.message.bytes=")
                .hasMessageContaining("must be at least 33554432: a result that its topic");
    }

    @Test
    void refusesDeadLettersThatWouldOutliveTheirCommands(TestInfo test) throws Exception {
        var topics = topics(test, 2);
        create(topics.deadLetters(), 2, Map.of("message.timestamp.type", "LogAppendTime"));

        assertThatThrownBy(() -> provisioner(topics).ensure(topics.all()))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining("has message.timestamp.type=LogAppendTime")
                .hasMessageContaining("must not outlive the command that it copies");
    }

    @Test
    void refusesRevocationsThatCapabilitiesWouldOutlive(TestInfo test) throws Exception {
        var topics = topics(test, 2);
        create(topics.revocations(), 2, Map.of("retention.ms", "86400000"));

        assertThatThrownBy(() -> provisioner(topics).ensure(topics.all()))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining("has retention.ms=86400000, must be at least 604800000")
                .hasMessageContaining("what was revoked would be good again");
    }

    @Test
    void refusesStartKeysOfWhichTheLastClaimWouldWin(TestInfo test) throws Exception {
        var topics = topics(test, 2);
        create(topics.startKeys(), 2, Map.of("cleanup.policy", "compact"));

        assertThatThrownBy(() -> provisioner(topics).ensure(topics.all()))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining("has cleanup.policy=compact")
                .hasMessageContaining("the first claim of a key wins");
    }

    @Test
    void refusesALedgerAndRollupsThatWouldNotSayWhen(TestInfo test) throws Exception {
        var topics = topics(test, 2);
        var appendTime = Map.of("message.timestamp.type", "LogAppendTime");
        create(topics.usage(), 2, appendTime);
        create(topics.rollups(), 2, appendTime);

        assertThatThrownBy(() -> provisioner(topics).ensure(topics.all()))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining("a row counts in the minute in which the log took the end")
                .hasMessageContaining("a rollup is kept by the age of its minute")
                .hasMessageContaining(
                        "has cleanup.policy=delete, must be one of [compact, compact,delete,"
                                + " delete,compact]: the latest rollup of each minute");
    }

    @Test
    void refusesErasuresThatWouldBeForgottenBeforeWhatTheyErased(TestInfo test) throws Exception {
        var topics = topics(test, 2);
        var ninetyDays = Long.toString(day(90).toMillis());
        create(topics.erasures(), 2, Map.of("retention.ms", ninetyDays));

        assertThatThrownBy(() -> provisioner(topics).ensure(topics.all()))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining("has retention.ms=" + ninetyDays)
                .hasMessageContaining("or -1: what was erased would come back");
    }

    @Test
    void checksTopicsOfOthersAndMakesNone(TestInfo test) throws Exception {
        var topics = topics(test, 2);
        var there = topics.responses();
        provisioner(topics).checkExisting(List.of(there));
        assertThat(admin.listTopics().names().get()).doesNotContain(there.name());

        create(there, 2, Map.of("max.compaction.lag.ms", "86400001"));
        assertThatThrownBy(() -> provisioner(topics).checkExisting(List.of(there)))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining("must be at most 86400000: what was erased would stay");
    }

    @Test
    void takesAResultTopicThatTakesMoreThanItHasTo(TestInfo test) throws Exception {
        var topics = topics(test, 2);
        create(topics.usage(), 2, Map.of("max.message.bytes", "67108864"));

        assertThat(provisioner(topics).ensure(topics.all())).hasSameSizeAs(topics.all());
    }

    @Test
    void givesAMissingTopicThePartitionsOfTheOnesThatAreThere(TestInfo test) throws Exception {
        var topics = topics(test, 12);
        create(topics.commands(), 5, topics.commands().settings());

        var partitions = provisioner(topics).ensure(topics.all());

        assertThat(partitions.values()).containsOnly(5);
    }

    @Test
    void refusesTopicsOfUnequalPartitions(TestInfo test) throws Exception {
        var topics = topics(test, 2);
        create(topics.events(), 2, topics.events().settings());
        create(topics.usage(), 7, topics.usage().settings());

        assertThatThrownBy(() -> provisioner(topics).ensure(List.of(topics.events())))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining(topics.events().name() + "=2")
                .hasMessageContaining(topics.usage().name() + "=7")
                .hasMessageContaining("must be equal");
    }

    @Test
    void fourRolesThatStartAtOnceAgreeEvenWithDifferentSettings(TestInfo test) throws Exception {
        var starting = new CyclicBarrier(4);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var roles = new ArrayList<Callable<Map<String, Integer>>>();
            for (int role = 1; role <= 4; role++) {
                var topics = topics(test, role * 3);
                roles.add(() -> {
                    starting.await();
                    return provisioner(topics).ensure(topics.all());
                });
            }

            var answers = threads.invokeAll(roles).stream().map(Future::resultNow).toList();

            assertThat(answers).hasSize(4).containsOnly(answers.getFirst());
            assertThat(answers.getFirst().values())
                    .containsOnly(answers.getFirst().values().iterator().next());
        }
    }

    /** No retries and no idempotence, so that a leader that is not ready yet would be an error. */
    @Test
    void everyPartitionTakesRecordsAtOnce(TestInfo test) throws Exception {
        var topics = topics(test, 48);
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "retries",
                        0,
                        "acks",
                        "all",
                        "enable.idempotence",
                        false);
        try (var producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            provisioner(topics).ensure(topics.all());

            var sent = new ArrayList<Future<?>>();
            for (int partition = 0; partition < 48; partition++) {
                sent.add(
                        producer.send(
                                new ProducerRecord<>(
                                        topics.events().name(),
                                        partition,
                                        new byte[1],
                                        new byte[1])));
            }
            producer.flush();

            assertThat(sent)
                    .allSatisfy(it -> assertThat(it.state()).isEqualTo(Future.State.SUCCESS));
        }
    }

    @Test
    void saysWithinTheTimeoutThatBrokersAreNotReachableAndCanBeClosed() throws Exception {
        int closedPort;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        long before = System.nanoTime();
        try (var nowhere = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + closedPort))) {
            var provisioner =
                    new TopicProvisioner(nowhere, Topics.defaults(), Duration.ofMillis(300));

            assertThatThrownBy(() -> provisioner.ensure(Topics.defaults().all()))
                    .isInstanceOf(TopicRefusedException.class)
                    .hasMessageContaining("no answer from the brokers after PT0.3S");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }

    private static TopicProvisioner provisioner(Topics topics) {
        return new TopicProvisioner(admin, topics, TIMEOUT);
    }

    private static Topics topics(TestInfo test, int partitions) {
        var prefix = kafka.prefix(test.getTestMethod().orElseThrow().getName());
        return new Topics(prefix, partitions, (short) 1, day(7), day(1), day(90));
    }

    private static Duration day(int days) {
        return Duration.ofDays(days);
    }

    private static void create(Topic topic, int partitions, Map<String, String> settings)
            throws Exception {
        var request = new NewTopic(topic.name(), Optional.of(partitions), Optional.empty());
        admin.createTopics(List.of(request.configs(settings))).all().get();
        /* The controller has it; the broker, which is asked next, may hear of it a moment later. */
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!admin.listTopics().names().get().contains(topic.name())) {
            assertThat(deadline - System.nanoTime()).as("time to hear of the topic").isPositive();
        }
    }

    private static Map<String, String> settingsOf(Topic topic) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        var found =
                requireNonNull(admin.describeConfigs(List.of(resource)).all().get().get(resource));
        return found.entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(it -> it.name(), it -> it.value()));
    }
}
