package io.tidemark.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.devkit.EmbeddedKafka;
import io.tidemark.devkit.EmbeddedKafkaConfig;
import io.tidemark.devkit.EmbeddedKafkaSecurity;
import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.TopicProvisioner;
import io.tidemark.schemas.TopicRefusedException;
import io.tidemark.schemas.Topics;
import io.tidemark.testkit.HasOwnKafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is left of an erased stream on disk: in stores, in their changelogs, in the results. */
@HasOwnKafka(because = "it looks into the broker's files")
final class ErasureIT {
    private static final Duration WAIT_MAX = Duration.ofMinutes(4);
    private static final int PARTITIONS = 2;
    private static final String MARKER = "zyzzyva";

    @TempDir static Path kafkaDir;
    @TempDir Path stateDir;

    private static EmbeddedKafka kafka;
    private static Admin admin;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void startKafka() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        var impatient =
                Map.of("log.cleaner.backoff.ms", "200", "log.segment.delete.delay.ms", "500");
        kafka =
                EmbeddedKafka.start(
                        new EmbeddedKafkaConfig(
                                kafkaDir.resolve("kafka"),
                                0,
                                1,
                                new EmbeddedKafkaSecurity.None(),
                                impatient));
        admin = Admin.create(Map.<String, Object>of("bootstrap.servers", servers()));
    }

    @AfterAll
    static void stopKafka() {
        admin.close();
        kafka.close();
        HTTP.close();
    }

    @Test
    void nothingOfAnErasedStreamIsLeftOnDiskButInTheLogOfEvents() throws Exception {
        var topics = TestLog.topics("disk", PARTITIONS);
        var ended = MarkedStream.of(1, 1, MARKER + "-ended");
        var open = MarkedStream.of(1, 2, MARKER + "-open");
        var kept = MarkedStream.of(1, 3, "aardvark");
        var disk = new Disk(kafkaDir, stateDir);
        prepare(topics);
        try (var log = new TestLog(servers(), topics)) {
            try (var projector = projector(topics)) {
                log.append(kept.records()).append(ended.records()).append(open.records(0, 10));
                awaitStatus(projector, open.id(), 10, 200);
                awaitStatus(projector, ended.id(), ended.last(), 200);
                awaitCommitted(log, topics.responses(), 2);
            }
            /* Closed, so that everything that was in memory is in files. */
            assertThat(disk.state()).contains(MARKER, "aardvark");
            assertThat(disk.topic(topics.responses().name())).contains(MARKER, "aardvark");
            assertThat(disk.topic(changelog(topics, "pieces"))).contains(MARKER);
            assertThat(disk.topic(topics.events().name())).contains(MARKER);

            try (var projector = projector(topics)) {
                erase(log, topics, ended.id());
                erase(log, topics, open.id());
                awaitStatus(projector, ended.id(), 0, 410);
                awaitStatus(projector, open.id(), 0, 410);
                log.append(open.records(11, open.last()));
                awaitCommitted(log, topics.usage(), 3);

                await("store files")
                        .atMost(WAIT_MAX)
                        .untilAsserted(() ->
                                assertThat(disk.state())
                                        .doesNotContain(MARKER)
                                        .contains("aardvark"));
                await("compacted topics")
                        .atMost(WAIT_MAX)
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(() -> {
                            /* Something else is written, as it is by other streams. */
                            log.append(SampleStream.of(1, System.nanoTime() >>> 20, 1).records());
                            assertThat(disk.topic(topics.responses().name()))
                                    .doesNotContain(MARKER)
                                    .contains("aardvark");
                            assertThat(disk.topic(changelog(topics, "pieces")))
                                    .doesNotContain(MARKER);
                            assertThat(disk.topic(changelog(topics, "progress")))
                                    .doesNotContain(MARKER);
                        });
                assertThat(disk.topic(topics.usage().name())).doesNotContain(MARKER);
                assertThat(disk.topic(topics.events().name())).contains(MARKER);
            }
            assertThat(disk.state()).doesNotContain(MARKER).contains("aardvark");
        }
    }

    @Test
    void givesTheSameRowsWhenEverythingIsFoldedAgain() throws Exception {
        var topics = TestLog.topics("again", PARTITIONS);
        var before = MarkedStream.of(0, 1, "ibex");
        var amid = MarkedStream.of(0, 2, "lynx");
        var after = MarkedStream.of(1, 3, "newt");
        try (var log = new TestLog(servers(), topics)) {
            List<String> rows;
            try (var projector = projector(topics)) {
                erase(log, topics, before.id());
                log.append(before.records()).append(amid.records(0, 9)).append(after.records());
                awaitStatus(projector, amid.id(), 9, 200);
                awaitStatus(projector, after.id(), after.last(), 200);
                erase(log, topics, amid.id());
                erase(log, topics, after.id());
                awaitStatus(projector, amid.id(), 0, 410);
                log.append(amid.records(10, amid.last()));
                rows = rows(log, topics);
            }
            log.deleteResults();
            try (var projector = start(topics, "another")) {
                assertThat(projector.awaitReady(WAIT_MAX)).isTrue();
                assertThat(rows(log, topics)).isEqualTo(rows);
                for (var stream : List.of(before, amid, after)) {
                    awaitStatus(projector, stream.id(), 0, 410);
                }
            }
        }
    }

    @Test
    void remembersWhatWasErasedWhenItIsKilled() throws Exception {
        var topics = TestLog.topics("killed", PARTITIONS);
        var stream = MarkedStream.of(0, 1, "okapi");
        try (var log = new TestLog(servers(), topics)) {
            try (var projector = ProjectorProcess.start(servers(), "killed", stateDir)) {
                log.append(stream.records(0, 9));
                awaitStatus(projector.address(), stream.id(), 9, 200);
                erase(log, topics, stream.id());
                awaitStatus(projector.address(), stream.id(), 0, 410);
            }
            try (var projector = ProjectorProcess.start(servers(), "killed", stateDir)) {
                awaitStatus(projector.address(), stream.id(), 0, 410);
                log.append(stream.records(10, stream.last()));
                assertThat(awaitCommitted(log, topics.usage(), 1)).hasSize(1);
                assertThat(log.committed(topics.responses()))
                        .allSatisfy(record -> assertThat(record.value()).isNull());
                awaitStatus(projector.address(), stream.id(), 0, 410);
            }
        }
    }

    @Test
    void refusesTopicsThatWouldNotForget() throws Exception {
        var topics = TestLog.topics("refused", PARTITIONS);
        try (var projector = projector(topics)) {
            assertThat(projector.ready()).isTrue();
        }
        set(changelog(topics, "pieces"), "max.compaction.lag.ms", "9223372036854775807");

        assertThatThrownBy(() -> start(topics, "projector"))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining("refused-projector-pieces-changelog")
                .hasMessageContaining("max.compaction.lag.ms");

        var others = TestLog.topics("refused-responses", PARTITIONS);
        create(others.events(), Map.of());
        create(others.responses(), Map.of("max.compaction.lag.ms", "172800000"));
        assertThatThrownBy(() -> start(others, "projector"))
                .isInstanceOf(TopicRefusedException.class)
                .hasMessageContaining("refused-responses.responses has max.compaction.lag.ms");
    }

    /* Segments of a second, so that the broker may clean what is a second old. */
    private static void prepare(Topics topics) throws Exception {
        var quick = Map.of("segment.ms", "1000", "max.compaction.lag.ms", "1000");
        create(topics.events(), Map.of());
        create(topics.responses(), quick);
        for (var store : List.of("pieces", "progress")) {
            create(
                    new Topic(
                            changelog(topics, store),
                            Map.of("cleanup.policy", "compact", "max.message.bytes", "33619968"),
                            List.of()),
                    quick);
        }
    }

    private static void create(Topic topic, Map<String, String> settings) throws Exception {
        var all = new HashMap<>(topic.settings());
        all.putAll(settings);
        admin.createTopics(List.of(new NewTopic(topic.name(), PARTITIONS, (short) 1).configs(all)))
                .all()
                .get();
    }

    private static void set(String topic, String key, String value) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var operation = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(operation))).all().get();
    }

    private static String changelog(Topics topics, String store) {
        return topics.prefix() + "-projector-" + store + "-changelog";
    }

    private static void erase(TestLog log, Topics topics, StreamId id) throws Exception {
        new TopicProvisioner(admin, topics, Duration.ofSeconds(30))
                .ensure(List.of(topics.events(), topics.erasures()));
        log.send(
                new Erasure(id, System.currentTimeMillis(), "acme")
                        .record(topics.erasures().name()));
    }

    private static List<String> rows(TestLog log, Topics topics) {
        return awaitCommitted(log, topics.usage(), 3).stream()
                .map(row ->
                        new String(row.key(), UTF_8)
                                + new String(row.value(), UTF_8)
                                + row.timestamp()
                                + row.headers())
                .sorted()
                .toList();
    }

    private static List<ConsumerRecord<byte[], byte[]>> awaitCommitted(
            TestLog log, Topic topic, int count) {
        return await().atMost(WAIT_MAX)
                .until(() -> log.committed(topic), found -> found.size() >= count);
    }

    private static void awaitStatus(Projector projector, StreamId id, long sequence, int status) {
        awaitStatus(projector.address(), id, sequence, status);
    }

    private static void awaitStatus(URI projector, StreamId id, long sequence, int status) {
        var query = "?minSequence=" + sequence + "&waitMs=1000";
        var uri = projector.resolve("/v1/responses/" + id + query);
        await().atMost(WAIT_MAX)
                .untilAsserted(() -> assertThat(get(uri).statusCode()).isEqualTo(status));
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private Projector projector(Topics topics) throws InterruptedException {
        var projector = start(topics, "projector");
        assertThat(projector.awaitReady(WAIT_MAX)).isTrue();
        return projector;
    }

    private Projector start(Topics topics, String application) {
        var config =
                ProjectorConfig.of(
                                Map.of("bootstrap.servers", servers()),
                                topics,
                                stateDir.resolve(application))
                        .withApplicationId(topics.prefix() + "-" + application);
        return Projector.start(config, new SimpleMeterRegistry(), InstantSource.system());
    }

    private static String servers() {
        return kafka.bootstrapServers();
    }
}
