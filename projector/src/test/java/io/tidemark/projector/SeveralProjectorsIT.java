package io.tidemark.projector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.Response.Status;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;
import io.tidemark.testkit.RunsOnKafka;
import io.tidemark.testkit.TestKafka;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Several projectors of one application on a real broker: whoever is asked answers as the log says,
 * or says that it cannot, whatever happens to the others.
 */
@RunsOnKafka
final class SeveralProjectorsIT {
    private static final int PARTITIONS = 12;
    private static final int STREAMS = 240;
    private static final Duration WAIT_MAX = Duration.ofMinutes(4);
    private static final List<String> TENANTS = List.of("", "acme", "acme2", "globex");
    private static final List<String> REASONS =
            List.of(
                    "restoring",
                    "moving",
                    "owner_unreachable",
                    "log_unreachable",
                    "behind",
                    "busy",
                    "stopping");
    private static final ObjectMapper JSON = new ObjectMapper();

    /* A member that is gone keeps its partitions for longer than a test takes. */
    private static final Map<String, String> PATIENT = Map.of("session.timeout.ms", "600000");

    @TempDir Path stateDir;

    private static TestKafka kafka;
    private static HttpClient http;

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private long at = 1_800_000_000_000L;

    @BeforeAll
    static void start(TestKafka kafka) {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        SeveralProjectorsIT.kafka = kafka;
        http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build();
    }

    @AfterAll
    static void stop() {
        http.close();
    }

    @AfterEach
    void close() throws Exception {
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }

    @Test
    void whoeverIsAskedAnswersForEveryStreamAndListsThemAll() throws Exception {
        var topics = topics("all");
        try (var log = log(topics)) {
            log.append(streams(STREAMS));
            var projectors = List.of(here(topics, "a"), here(topics, "b"), here(topics, "c"));
            var written = WrittenStreams.of(log.committed(topics.events()));

            for (var projector : projectors) {
                awaitRight(projector, written);
                assertEachStreamOnce(projector, written, "", _ -> true);
                assertEachStreamOnce(
                        projector,
                        written,
                        "&status=failed,in_progress",
                        it -> it.status() == Status.FAILED || it.status() == Status.IN_PROGRESS);
                assertEachStreamOnce(
                        projector,
                        written,
                        "&model=gpt*mini&provider=local",
                        it -> it.model().equals("gpt-5-mini") && it.provider().equals("local"));
                var unknown = StreamId.mint(InstantSource.system(), random, 5);
                assertThat(answered(projector, "/v1/responses/" + unknown).statusCode())
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void eachAnswerIsRightOrNoneWhileOneIsKilledAndComesBack() throws Exception {
        var topics = topics("killed");
        try (var log = log(topics)) {
            log.append(streams(STREAMS));
            var a = here(topics, "a");
            var b = here(topics, "b");
            var c = new AtomicReference<>(process(topics, "c", Map.of(), 0));
            var written = new AtomicReference<>(WrittenStreams.of(log.committed(topics.events())));
            awaitRight(a, written.get());
            awaitRight(c.get().address(), written.get());
            try (var asking = new Asking(() -> List.of(a, b, c.get().address()), written::get)) {
                asking.awaitAnswers(50);
                c.get().kill();
                asking.awaitAnswers(50);
                log.append(streams(STREAMS / 4));
                written.set(WrittenStreams.of(log.committed(topics.events())));
                awaitRight(a, written.get());
                c.set(process(topics, "c", Map.of(), 0));
                asking.awaitAnswers(50);
                for (var projector : List.of(a, b, c.get().address())) {
                    awaitRight(projector, written.get());
                }
                assertThat(asking.wrong).as("seed %d", seed).isEmpty();
            }
        }
    }

    @Test
    void aCopyAnswersWhatItCanWhileTheOwnerIsGone() throws Exception {
        var topics = topics("copy");
        try (var log = log(topics)) {
            log.append(streams(STREAMS));
            var written = WrittenStreams.of(log.committed(topics.events()));
            var a = here(topics, "a", PATIENT, 1);
            var c = process(topics, "c", PATIENT, 1);
            awaitRight(c.address(), written);
            awaitRight(a, written);
            await().atMost(WAIT_MAX)
                    .until(() ->
                            ownedBy(c.address()).size() == PARTITIONS / 2
                                    && ownedBy(a).size() == PARTITIONS / 2);
            var theirs = ownedBy(c.address());

            c.kill();

            var list = get(a, "/v1/streams");
            assertThat(reason(list)).isEqualTo("owner_unreachable");
            assertThat(partitions(list)).isEqualTo(theirs);
            for (var id : written.ids()) {
                if (theirs.contains(id.partition())) {
                    assertAnsweredByACopy(a, id, written);
                }
            }
            var unknown = StreamId.mint(InstantSource.system(), random, theirs.getFirst());
            assertThat(reason(get(a, "/v1/responses/" + unknown))).isEqualTo("owner_unreachable");
        }
    }

    private void assertAnsweredByACopy(URI a, StreamId id, WrittenStreams written)
            throws Exception {
        var path = "/v1/responses/" + id;
        boolean ended = written.response(id).status() != Status.IN_PROGRESS;
        /* The copy comes to the end of its changelogs by itself, with nobody writing to them. */
        await().atMost(WAIT_MAX)
                .untilAsserted(() ->
                        assertThat(get(a, path + "?minSequence=1&waitMs=1").body())
                                .isEqualTo(written.json(id)));
        var whatThereIs = get(a, path);
        if (ended) {
            assertThat(whatThereIs.body()).isEqualTo(written.json(id));
        } else {
            assertThat(reason(whatThereIs)).isEqualTo("owner_unreachable");
        }
    }

    /** It takes itself for the owner until it has heard otherwise. */
    @Test
    void oneThatStoodStillSaysNothingWrongWhenItGoesOn() throws Exception {
        var topics = topics("stopped");
        try (var log = log(topics)) {
            var open = new ArrayList<ListedStream>();
            for (int i = 0; i < PARTITIONS; i++) {
                open.add(stream(i, Status.COMPLETED));
            }
            for (var stream : open) {
                log.append(List.of(stream.record(0), stream.record(1)));
            }
            var a = here(topics, "a");
            var c = process(topics, "c", Map.of(), 0);
            var before = WrittenStreams.of(log.committed(topics.events()));
            awaitRight(c.address(), before);
            awaitRight(a, before);

            c.signal("STOP");
            await().atMost(WAIT_MAX).until(() -> get(a, "/v1/streams").statusCode() == 200);
            for (var stream : open) {
                log.append(List.of(stream.record(2)));
            }
            log.append(streams(PARTITIONS * 4));
            var written = WrittenStreams.of(log.committed(topics.events()));
            awaitRight(a, written);
            c.signal("CONT");

            try (var asking = new Asking(() -> List.of(c.address()), () -> written)) {
                awaitRight(c.address(), written);
                asking.awaitAnswers(20);
                assertThat(asking.wrong).as("seed %d", seed).isEmpty();
            }
        }
    }

    /** Asks all the time, and writes down what is neither right nor 503 with a reason. */
    private final class Asking implements AutoCloseable {
        private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
        private final AtomicLong answers = new AtomicLong();
        private final AtomicBoolean over = new AtomicBoolean();
        private final List<Thread> threads = new ArrayList<>();

        Asking(Supplier<List<URI>> projectors, Supplier<WrittenStreams> written) {
            for (int i = 0; i < 3; i++) {
                var choices = new Random(seed + i);
                threads.add(
                        Thread.startVirtualThread(() -> {
                            while (!over.get()) {
                                var all = projectors.get();
                                ask(choices, all.get(choices.nextInt(all.size())), written.get());
                            }
                        }));
            }
        }

        private void ask(Random choices, URI projector, WrittenStreams written) {
            try {
                if (choices.nextInt(4) == 0) {
                    list(projector, written, TENANTS.get(choices.nextInt(TENANTS.size())));
                } else {
                    var ids = written.ids();
                    response(projector, written, ids.get(choices.nextInt(ids.size())));
                }
            } catch (IOException e) {
                /* Who was killed says nothing. */
                Thread.onSpinWait();
            } catch (Exception e) {
                wrong.add(e.toString());
            }
        }

        private void response(URI projector, WrittenStreams written, StreamId id) throws Exception {
            var answer = get(projector, "/v1/responses/" + id);
            boolean right = answer.statusCode() == 200 && answer.body().equals(written.json(id));
            judge(right, answer, id.toString());
        }

        private void list(URI projector, WrittenStreams written, String tenant) throws Exception {
            var answer = get(projector, "/v1/streams?limit=200" + tenantIs(tenant));
            var all = written.list(orNull(tenant), _ -> true);
            var found = answer.statusCode() == 200 ? listed(answer) : List.<String>of();
            /* Newer ones may stand before those that were there when it was asked. */
            var known = found.stream().filter(all::contains).toList();
            boolean right =
                    answer.statusCode() == 200
                            && known.equals(all.subList(0, known.size()))
                            && (known.size() == all.size() || found.size() == 200);
            judge(right, answer, "%s, %d of %d".formatted(tenant, known.size(), all.size()));
        }

        private void judge(boolean right, HttpResponse<String> answer, String of) throws Exception {
            answers.incrementAndGet();
            boolean none =
                    answer.statusCode() == 503
                            && REASONS.contains(tree(answer).path("code").asText());
            if (!right && !none) {
                wrong.add(answer.uri() + " of " + of + ": " + answer.statusCode());
            }
        }

        void awaitAnswers(int more) {
            long enough = answers.get() + more;
            await().atMost(WAIT_MAX).until(() -> answers.get() >= enough);
        }

        @Override
        public void close() {
            over.set(true);
            for (var thread : threads) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    private void awaitRight(URI projector, WrittenStreams written) {
        await().atMost(WAIT_MAX)
                .untilAsserted(() -> {
                    assertThat(get(projector, "/v1/streams").statusCode()).isEqualTo(200);
                    for (var id : written.ids()) {
                        var answer = get(projector, "/v1/responses/" + id);
                        assertThat(answer.statusCode())
                                .as("%s of %s: %s", id, projector, answer.body())
                                .isEqualTo(200);
                        assertThat(answer.body()).isEqualTo(written.json(id));
                    }
                });
    }

    private void assertEachStreamOnce(
            URI projector, WrittenStreams written, String filters, Predicate<Response> wanted)
            throws Exception {
        for (var tenant : TENANTS) {
            var seen = new ArrayList<String>();
            var query = "/v1/streams?limit=17" + tenantIs(tenant) + filters;
            var next = "";
            do {
                var page = answered(projector, query + next);
                assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
                seen.addAll(listed(page));
                var before = tree(page).path("next").asText();
                next = before.isEmpty() ? "" : "&before=" + before;
            } while (!next.isEmpty());
            assertThat(seen).isEqualTo(written.list(orNull(tenant), wanted));
        }
    }

    /* On a busy machine an instance may be late with its heartbeat, and partitions move. */
    private static HttpResponse<String> answered(URI projector, String resource) {
        return await().atMost(WAIT_MAX)
                .until(() -> get(projector, resource), it -> it.statusCode() != 503);
    }

    /* What it says of its own, without asking anybody. */
    private static List<Integer> ownedBy(URI projector) throws Exception {
        var owned = new ArrayList<Integer>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            var list = get(projector, "/v1/streams?partitions=" + partition);
            if (list.statusCode() == 200) {
                owned.add(partition);
            }
        }
        return owned;
    }

    private List<ProducerRecord<byte[], byte[]>> streams(int count) {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < count; i++) {
            var stream = ListedStream.random(random, TENANTS, i % PARTITIONS, at++);
            records.addAll(stream.records());
        }
        return records;
    }

    private ListedStream stream(int partition, Status status) {
        var some = ListedStream.random(random, TENANTS, partition, at++);
        return new ListedStream(some.id(), some.tenant(), some.provider(), some.model(), status);
    }

    private static String tenantIs(String tenant) {
        return tenant.isEmpty() ? "" : "&tenant=" + tenant;
    }

    private static @Nullable String orNull(String tenant) {
        return tenant.isEmpty() ? null : tenant;
    }

    /* Each stream's id and status. */
    private static List<String> listed(HttpResponse<String> list) throws IOException {
        var listed = new ArrayList<String>();
        for (var entry : tree(list).path("streams")) {
            listed.add(entry.path("requestId").asText() + " " + entry.path("status").asText());
        }
        return listed;
    }

    private static List<Integer> partitions(HttpResponse<String> problem) throws IOException {
        var partitions = new ArrayList<Integer>();
        tree(problem).path("partitions").forEach(partition -> partitions.add(partition.asInt()));
        return partitions;
    }

    private static String reason(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        return tree(answer).path("code").asText();
    }

    private static JsonNode tree(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    private static HttpResponse<String> get(URI projector, String resource)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(projector.resolve(resource)).timeout(WAIT_MAX).build();
        return http.send(request, BodyHandlers.ofString());
    }

    private URI here(Topics topics, String instance) {
        return here(topics, instance, Map.of(), 0);
    }

    private URI here(
            Topics topics, String instance, Map<String, String> settings, int standbyReplicas) {
        var properties = new HashMap<>(settings);
        properties.put("bootstrap.servers", servers());
        var config =
                ProjectorConfig.of(properties, topics, stateDir.resolve(instance))
                        .withInstanceId(instance)
                        .withThreads(1, standbyReplicas);
        var projector = Projector.start(config, new SimpleMeterRegistry(), InstantSource.system());
        running.push(projector);
        return projector.address();
    }

    private ProjectorProcess process(
            Topics topics, String instance, Map<String, String> settings, int standbyReplicas)
            throws IOException {
        var process =
                ProjectorProcess.start(
                        servers(),
                        topics.prefix(),
                        stateDir.resolve(instance),
                        instance,
                        settings,
                        standbyReplicas);
        running.push(process);
        return process;
    }

    private static TestLog log(Topics topics) {
        return new TestLog(servers(), topics);
    }

    private static Topics topics(String prefix) {
        return TestLog.topics(kafka.prefix(prefix), PARTITIONS);
    }

    private static String servers() {
        return kafka.bootstrapServers();
    }
}
