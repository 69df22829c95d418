package io.tidemark.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.TopicRefusedException;
import io.tidemark.schemas.Topics;
import io.tidemark.testkit.RunsOnKafka;
import io.tidemark.testkit.TestKafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The projector on a real broker, one for all tests; each test has a topic prefix of its own. */
@RunsOnKafka
final class ProjectorIT {
    private static final int PARTITIONS = 4;
    private static final Duration WAIT_MAX = Duration.ofMinutes(4);

    @TempDir Path stateDir;

    private static TestKafka kafka;
    private static HttpClient http;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeAll
    static void start(TestKafka kafka) {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        ProjectorIT.kafka = kafka;
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
    }

    @Test
    void answersForAStreamOnItsWayAndAtItsEnd() throws Exception {
        var topics = topics("main");
        var stream = SampleStream.of(1, 1, 30);
        try (var log = log(topics);
                var projector = projector(topics, "app")) {
            log.append(stream.records(0, 10));
            assertThat(decode(ask(projector.address(), stream, 10)))
                    .returns(10L, Response::lastSequence)
                    .returns(Response.Status.IN_PROGRESS, Response::status);

            log.append(stream.records(11, stream.last()));
            var whole = ask(projector.address(), stream, stream.last());
            assertThat(decode(whole)).returns(Response.Status.COMPLETED, Response::status);

            var written = awaitCommitted(log, topics.responses(), 1).getFirst();
            assertThat(written.partition()).isEqualTo(stream.id().partition());
            assertThat(new String(written.value(), UTF_8)).isEqualTo(whole.body());
            assertThat(awaitCommitted(log, topics.usage(), 1)).hasSize(1);
        }
    }

    @Test
    void answersTheSameBeforeWhileAndAfterTheResultComesBack() throws Exception {
        var topics = topics("handover");
        var stream = SampleStream.of(0, 1, 500);
        try (var log = log(topics);
                var projector = projector(topics, "app")) {
            log.append(stream.records());
            var answers = new HashSet<String>();
            answers.add(ask(projector.address(), stream, stream.last()).body());

            await().atMost(WAIT_MAX)
                    .pollInterval(Duration.ofMillis(1))
                    .untilAsserted(() -> {
                        answers.add(ask(projector.address(), stream, 0).body());
                        assertThat(meters.get(ProjectorMetrics.OPEN).gauge().value()).isZero();
                    });
            answers.add(ask(projector.address(), stream, 0).body());
            assertThat(answers).hasSize(1);
        }
    }

    @Test
    void goesOnWhereItWasClosed() throws Exception {
        var topics = topics("restart");
        var streams = streams(8, 50);
        try (var log = log(topics)) {
            try (var projector = projector(topics, "app")) {
                for (var stream : streams) {
                    log.append(stream.records(0, 20));
                }
                log.append(streams.getFirst().records(21, streams.getFirst().last()));
                ask(projector.address(), streams.getFirst(), streams.getFirst().last());
            }
            try (var projector = projector(topics, "app")) {
                for (var stream : streams.subList(1, streams.size())) {
                    log.append(stream.records(21, stream.last()));
                }
                assertOneResultEach(log, topics, streams);
                assertThat(projector.ready()).isTrue();
            }
        }
    }

    @Test
    void writesEachResultOnceAlthoughItIsKilled() throws Exception {
        var topics = topics("killed");
        var streams = streams(24, 50);
        try (var log = log(topics)) {
            for (int life = 0; life < 2; life++) {
                try (var projector = process(topics)) {
                    for (var stream : streams) {
                        long first = life * 27L;
                        log.append(stream.records(first, Math.min(first + 26, stream.last())));
                    }
                    ask(projector.address(), streams.getFirst(), life * 27L + 10);
                }
            }
            try (var projector = process(topics)) {
                for (var stream : streams) {
                    assertThat(decode(ask(projector.address(), stream, stream.last())))
                            .returns(Response.Status.COMPLETED, Response::status);
                }
                assertOneResultEach(log, topics, streams);
            }
        }
    }

    @Test
    void givesTheSameBytesWhenEverythingIsFoldedAgain() throws Exception {
        var topics = topics("again");
        var streams = streams(12, 40);
        try (var log = log(topics)) {
            for (var stream : streams) {
                log.append(stream.records(0, 20))
                        .append(List.of(stream.fence(2), stream.record(21, 1)))
                        .append(stream.records(21, stream.last(), 2));
            }
            Map<String, String> responses;
            Map<String, String> usage;
            try (var _ = projector(topics, "app")) {
                responses = byKey(awaitCommitted(log, topics.responses(), streams.size()));
                usage = byKey(awaitCommitted(log, topics.usage(), streams.size()));
            }
            log.deleteResults();
            try (var _ = projector(topics, "another")) {
                assertThat(byKey(awaitCommitted(log, topics.responses(), streams.size())))
                        .isEqualTo(responses);
                assertThat(byKey(awaitCommitted(log, topics.usage(), streams.size())))
                        .isEqualTo(usage);
            }
        }
    }

    /**
     * A task both writes and reads {@code tidemark.responses}. How far the one that is closed has
     * read it counts, not how far it has written it: another may have read the rest meanwhile.
     */
    @Test
    void lacksNothingThatAnotherHasReadBackMeanwhile() throws Exception {
        var topics = topics("meanwhile");
        var streams = streams(8, 3);
        try (var log = log(topics)) {
            try (var first = readingBackLate(topics, "first")) {
                for (var stream : streams) {
                    log.append(stream.records());
                }
                for (var stream : streams) {
                    ask(first.address(), stream, stream.last());
                }
            }
            try (var second = readingBackLate(topics, "second")) {
                assertThat(second.awaitReady(WAIT_MAX)).isTrue();
                await().atMost(WAIT_MAX)
                        .untilAsserted(() ->
                                assertThat(meters.get(ProjectorMetrics.OPEN).gauge().value())
                                        .isZero());
            }
            try (var first = readingBackLate(topics, "first")) {
                for (var stream : streams) {
                    assertThat(ask(first.address(), stream, stream.last()).statusCode())
                            .isEqualTo(200);
                }
            }
        }
    }

    /* What it has folded is committed as it is closed, and so not read back before that. */
    private Projector readingBackLate(Topics topics, String instance) {
        var timings =
                new ProjectorTimings(
                        Duration.ofSeconds(5), Duration.ofMinutes(10), Duration.ofMinutes(2));
        var config =
                ProjectorConfig.of(
                                Map.of("bootstrap.servers", servers()),
                                topics,
                                stateDir.resolve(instance))
                        .withInstanceId(instance)
                        .withTimings(timings);
        return Projector.start(config, meters, InstantSource.system());
    }

    /** The row holds the model twice, and then is larger than any topic takes. */
    @Test
    void goesOnAfterAStreamWhoseResultsAreTooLarge() throws Exception {
        var topics = topics("large");
        var large = SampleStream.of(1, 1, 3);
        var next = SampleStream.of(1, 2, 3);
        var model = "m".repeat(17 * 1024 * 1024);
        var start = new Started("openai", model, null, null, 1, null, null, null, null);
        var event = new StreamEvent(large.id(), 0, large.at(), Placement.NONE, start);
        try (var log = log(topics);
                var _ = projector(topics, "app")) {
            log.append(List.of(EventRecord.of(SampleStream.EVENTS, event, new Attempt(0, 1), null)))
                    .append(large.records(1, large.last()))
                    .append(next.records());

            var rows = awaitCommitted(log, topics.usage(), 2);

            assertThat(rows)
                    .extracting(row -> ResponseCodec.decodeUsage(row.value()).model().length())
                    .containsExactly(256, "gpt-5".length());
            assertThat(awaitCommitted(log, topics.responses(), 2)).hasSize(2);
            assertThat(meters.get(ProjectorMetrics.THREAD_FAULTS).counter().count()).isZero();
        }
    }

    @Test
    void refusesResultTopicsOfAnotherSize() throws Exception {
        var topics = topics("uneven");
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", servers()))) {
            var responses = new NewTopic(topics.responses().name(), 2, (short) 1);
            admin.createTopics(List.of(responses.configs(topics.responses().settings())))
                    .all()
                    .get();
            var events = new NewTopic(topics.events().name(), PARTITIONS, (short) 1);
            admin.createTopics(List.of(events.configs(topics.events().settings()))).all().get();

            assertThatThrownBy(() -> projector(topics, "app"))
                    .isInstanceOf(TopicRefusedException.class)
                    .hasMessageContaining("uneven.responses");
        }
    }

    @Test
    void leavesNoMeterBehindWhenItCannotStart() throws Exception {
        var topics = topics("meterless");
        var noFolder = Files.createFile(stateDir.resolve("file"));
        var kafkaSettings = Map.of("bootstrap.servers", servers());
        var config = ProjectorConfig.of(kafkaSettings, topics, stateDir.resolve("app"));
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var there = config.withAddress("127.0.0.1", taken.getLocalPort());
            assertCannotStart(there);
        }
        assertCannotStart(ProjectorConfig.of(kafkaSettings, topics, noFolder));
        assertThat(meters.getMeters()).isEmpty();
    }

    private void assertCannotStart(ProjectorConfig config) {
        assertThatThrownBy(() -> Projector.start(config, meters, InstantSource.system()))
                .isInstanceOf(ProjectorStartException.class);
    }

    @Test
    void takesItsMetersAwayWhenItIsClosed() throws Exception {
        var projector = projector(topics("metered"), "app");
        assertThat(meters.find(ProjectorMetrics.WAITING).gauge()).isNotNull();
        assertThat(meters.find(ProjectorMetrics.EVENTS).counter()).isNotNull();

        projector.close();

        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void answersNotReadyBeforeItHasItsPartitions() throws Exception {
        var topics = topics("early");
        var stream = SampleStream.of(0, 1, 1);
        try (var _ = log(topics);
                var projector = start(topics, "app")) {
            var early = get(projector.address().resolve("/v1/responses/" + stream.id()));
            assertThat(early.statusCode()).isIn(503, 404);
            assertThat(projector.awaitReady(WAIT_MAX)).isTrue();

            assertThat(get(projector.address().resolve("/readyz")).statusCode()).isEqualTo(200);
            assertThat(get(projector.address().resolve("/healthz")).statusCode()).isEqualTo(200);
            /* That nothing is known has to be proven by the log, which may take another moment. */
            await().atMost(WAIT_MAX)
                    .until(() ->
                            get(projector.address().resolve("/v1/responses/" + stream.id()))
                                            .statusCode()
                                    == 404);
        }
    }

    private static void assertOneResultEach(
            TestLog log, Topics topics, List<SampleStream> streams) {
        var ids = streams.stream().map(stream -> stream.id().toString()).toList();
        var responses = awaitCommitted(log, topics.responses(), streams.size());
        var usage = awaitCommitted(log, topics.usage(), streams.size());
        assertThat(usage).extracting(ProjectorIT::key).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(responses).extracting(ProjectorIT::key).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(responses)
                .extracting(record -> ResponseCodec.decode(record.value()).warnings())
                .containsOnly(List.of());
    }

    private static List<ConsumerRecord<byte[], byte[]>> awaitCommitted(
            TestLog log, Topic topic, int count) {
        return await().atMost(WAIT_MAX)
                .until(() -> log.committed(topic), found -> found.size() >= count);
    }

    private static Map<String, String> byKey(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .collect(
                        toMap(
                                ProjectorIT::key,
                                record ->
                                        new String(record.value(), UTF_8)
                                                + record.timestamp()
                                                + record.headers()));
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), UTF_8);
    }

    private static Response decode(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return ResponseCodec.decode(answer.body().getBytes(UTF_8));
    }

    /* Right after a start the answer may be 503, which says to come back. */
    private static HttpResponse<String> ask(URI projector, SampleStream stream, long sequence) {
        var query = "?minSequence=" + sequence + "&waitMs=10000";
        var uri = projector.resolve("/v1/responses/" + stream.id() + query);
        return await().atMost(WAIT_MAX).until(() -> get(uri), answer -> answer.statusCode() != 503);
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private Projector projector(Topics topics, String application) throws InterruptedException {
        var projector = start(topics, application);
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
        return Projector.start(config, meters, InstantSource.system());
    }

    private ProjectorProcess process(Topics topics) throws Exception {
        return ProjectorProcess.start(servers(), topics.prefix(), stateDir.resolve("killed"));
    }

    private static TestLog log(Topics topics) {
        return new TestLog(servers(), topics);
    }

    private static String servers() {
        return kafka.bootstrapServers();
    }

    private static List<SampleStream> streams(int count, int deltas) {
        return IntStream.range(0, count)
                .mapToObj(number -> SampleStream.of(number % PARTITIONS, number, deltas))
                .toList();
    }

    private static Topics topics(String prefix) {
        return TestLog.topics(kafka.prefix(prefix), PARTITIONS);
    }
}
