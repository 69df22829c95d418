package io.tidemark.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;
import io.tidemark.testkit.RunsOnKafka;
import io.tidemark.testkit.TestKafka;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Projectors that run go over to results that were made anew, and go on to answer. */
@RunsOnKafka
final class GenerationSwitchIT {
    private static final int PARTITIONS = 4;
    private static final int STREAMS_BEFORE = 40;
    private static final int DELTAS = 12;
    private static final Duration WAIT_MAX = Duration.ofMinutes(3);
    private static final StreamId UNKNOWN = SampleStream.of(0, 9_999_999, 1).id();

    @TempDir Path stateDir;

    private static TestKafka kafka;
    private static HttpClient http;

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger right = new AtomicInteger();
    private final List<SampleStream> written = new CopyOnWriteArrayList<>();
    private final AtomicBoolean stopping = new AtomicBoolean();

    @BeforeAll
    static void start(TestKafka kafka) {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        GenerationSwitchIT.kafka = kafka;
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    @AfterAll
    static void stop() {
        http.close();
    }

    @Test
    void projectorsGoOverUnderLoadAndEveryAnswerIsRight() throws Exception {
        var topics = TestLog.topics(kafka.prefix("load"), PARTITIONS);
        var now = topics.withGeneration(1);
        var meters = new SimpleMeterRegistry();
        try (var log = new TestLog(kafka.bootstrapServers(), topics);
                var a = projector(topics, "a", meters);
                var b = projector(topics, "b", new SimpleMeterRegistry())) {
            append(log, STREAMS_BEFORE);
            assertThat(a.awaitReady(WAIT_MAX)).isTrue();
            assertThat(b.awaitReady(WAIT_MAX)).isTrue();
            var load = List.of(asking(a.address()), asking(b.address()), writing(topics));
            try {
                await().atMost(WAIT_MAX).until(() -> right.get() > 20);

                var report = rebuild(topics);

                assertThat(report.deleted())
                        .contains(
                                topics.responses().name(),
                                topics.usage().name(),
                                topics.rollups().name());
                int sofar = right.get();
                await().atMost(WAIT_MAX).until(() -> right.get() > sofar + 20);
            } finally {
                stopping.set(true);
                for (var thread : load) {
                    thread.join();
                }
            }
            assertThat(wrong).isEmpty();
            await().atMost(WAIT_MAX)
                    .untilAsserted(
                            () -> assertThat(log.committed(now.usage())).hasSize(written.size()));
            var folders = List.of(stateDir.resolve("a"), stateDir.resolve("b"));
            await().atMost(WAIT_MAX)
                    .untilAsserted(() ->
                            assertThat(folders)
                                    .allSatisfy(it ->
                                            assertThat(names(it))
                                                    .containsExactly(
                                                            topics.prefix() + "-projector-g1")));
            assertThat(meters.find(ProjectorMetrics.EVENTS).counters()).hasSize(1);
            await().atMost(WAIT_MAX)
                    .until(() -> meters.get(ProjectorMetrics.OPEN).gauge().value() == 0);
        }
    }

    @Test
    void aProjectorThatIsStartedFindsWhatCountsAndListsWhatWasTakenOver() throws Exception {
        var topics = TestLog.topics(kafka.prefix("found"), PARTITIONS);
        try (var log = new TestLog(kafka.bootstrapServers(), topics)) {
            append(log, 8);
            try (var first = projector(topics, "a", new SimpleMeterRegistry())) {
                assertThat(first.awaitReady(WAIT_MAX)).isTrue();
                await().atMost(WAIT_MAX).until(() -> log.committed(topics.usage()).size() == 8);
            }
            log.deleteEvents(0, written.getFirst().length() + 5L);
            rebuild(topics);

            var meters = new SimpleMeterRegistry();
            try (var second = projector(topics, "a", meters)) {
                assertThat(second.awaitReady(WAIT_MAX)).isTrue();
                for (var stream : written) {
                    var answer =
                            await().atMost(WAIT_MAX)
                                    .until(
                                            () -> get(response(second, stream)),
                                            it -> it.statusCode() == 200);
                    assertThat(answer.body()).contains(stream.text());
                }
                var streams = second.address().resolve("/v1/streams");
                var list =
                        await().atMost(WAIT_MAX)
                                .until(() -> get(streams), it -> it.statusCode() == 200);
                assertThat(written)
                        .allSatisfy(it -> assertThat(list.body()).contains(it.id().toString()));
            }
            assertThat(names(stateDir.resolve("a")))
                    .containsExactly(topics.prefix() + "-projector-g1");
            assertThat(meters.getMeters()).isEmpty();
        }
    }

    private static URI response(Projector projector, SampleStream stream) {
        return projector.address().resolve("/v1/responses/" + stream.id());
    }

    private void append(TestLog log, int count) throws Exception {
        for (int number = 0; number < count; number++) {
            write(log);
        }
    }

    /* Whoever finds it in the list may ask for it: all of it is in the log. */
    private void write(TestLog log) throws Exception {
        int number = written.size();
        var stream = SampleStream.of(number % PARTITIONS, number, DELTAS);
        log.append(stream.records());
        written.add(stream);
    }

    private Thread writing(Topics topics) {
        return Thread.ofVirtual()
                .start(() -> {
                    try (var log = new TestLog(kafka.bootstrapServers(), topics)) {
                        while (!stopping.get()) {
                            write(log);
                        }
                    } catch (Exception e) {
                        wrong.add("writer: " + e);
                    }
                });
    }

    private Thread asking(URI projector) {
        return Thread.ofVirtual()
                .start(() -> {
                    try {
                        for (int number = 0; !stopping.get(); number++) {
                            ask(projector, written.get(number * 7 % written.size()));
                        }
                    } catch (IOException | InterruptedException e) {
                        wrong.add("reader: " + e);
                    }
                });
    }

    private void ask(URI projector, SampleStream stream) throws IOException, InterruptedException {
        judge(
                stream.id(),
                get(projector.resolve("/v1/responses/" + stream.id())),
                200,
                stream.text());
        judge(UNKNOWN, get(projector.resolve("/v1/responses/" + UNKNOWN)), 404, "unknown_stream");
    }

    private void judge(StreamId id, HttpResponse<String> answer, int status, String content) {
        if (answer.statusCode() == status && answer.body().contains(content)) {
            right.incrementAndGet();
        } else if (answer.statusCode() != 503) {
            wrong.add(id + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString(UTF_8));
    }

    private RebuildReport rebuild(Topics topics) throws InterruptedException {
        return Rebuild.run(
                config(topics, "rebuild"),
                false,
                new SimpleMeterRegistry(),
                InstantSource.system(),
                RebuildListener.NONE);
    }

    private Projector projector(Topics topics, String name, SimpleMeterRegistry meters) {
        return Projector.start(
                config(topics, name).withInstanceId(name), meters, InstantSource.system());
    }

    private ProjectorConfig config(Topics topics, String folder) {
        return ProjectorConfig.of(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                topics,
                stateDir.resolve(folder));
    }

    private static List<String> names(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.map(it -> it.getFileName().toString()).toList();
        }
    }
}
