package io.tidemark.edge;

import static io.tidemark.edge.Client.START;
import static io.tidemark.edge.Client.json;
import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.StartWord;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** One key is one stream, at whichever edge, whatever dies in between. */
@RunsOnKafka
class IdempotencyIT {
    private static final StartKeysConfig PATIENT = keys(Duration.ofSeconds(25));
    private static final StartKeysConfig IMPATIENT = keys(Duration.ofMillis(50));
    private static final String OTHER = START.replace("hello", "bye");
    private static final long HOUR_MS = Duration.ofHours(1).toMillis();

    private final World world = new World();
    private final List<Client> clients = new ArrayList<>();

    private static StartKeysConfig keys(Duration patience) {
        return new StartKeysConfig(Duration.ofHours(24), 10_000, patience);
    }

    private Client edge(StartKeysConfig keys) {
        return client(world.edge(world.config().with(keys)), null);
    }

    private Client client(Edge edge, @Nullable String key) {
        var client = new Client(edge, key);
        clients.add(client);
        return client;
    }

    @AfterEach
    void close() {
        clients.forEach(Client::close);
        world.close();
    }

    private static HttpRequest.Builder request(Client client, String key, String body) {
        return client.request("/v1/streams")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body));
    }

    private static HttpResponse<String> post(Client client, String key, String body)
            throws Exception {
        return client.send(request(client, key, body));
    }

    private static StreamId created(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        var id = json(response).path("requestId").asText();
        assertThat(response.headers().firstValue("Tidemark-Request-Id")).hasValue(id);
        return StreamId.parse(id);
    }

    private static boolean replayed(HttpResponse<String> response) {
        return response.headers().firstValue("Idempotency-Replayed").orElse("").equals("true");
    }

    private List<StreamId> starts() {
        return world.commands().stream()
                .filter(Command.Start.class::isInstance)
                .map(it -> ((Command.Start) it).requestId())
                .toList();
    }

    @Test
    void concurrentPostsWithOneKeyAtTwoEdgesGiveOneStream() throws Exception {
        int rounds = 40;
        int posts = 8;
        var edges = List.of(edge(PATIENT), edge(PATIENT));
        Set<StreamId> ids = new HashSet<>();
        try (var pool = Executors.newFixedThreadPool(posts)) {
            for (int round = 0; round < rounds; round++) {
                var key = "\"round-" + round + "\"";
                var asked = new ArrayList<Callable<HttpResponse<String>>>();
                for (int i = 0; i < posts; i++) {
                    var client = edges.get(i % edges.size());
                    asked.add(() -> post(client, key, START));
                }
                Set<StreamId> named = new HashSet<>();
                int first = 0;
                for (var answer : pool.invokeAll(asked)) {
                    named.add(created(answer.get()));
                    first += replayed(answer.get()) ? 0 : 1;
                }
                assertThat(named).as(key).hasSize(1);
                assertThat(first).as(key).isEqualTo(1);
                ids.addAll(named);
            }
        }
        assertThat(ids).hasSize(rounds);
        assertThat(starts()).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void anotherBodyIsRefused() throws Exception {
        var one = edge(PATIENT);
        var two = edge(PATIENT);
        created(post(one, "k", START));

        var problem = problem(post(two, "k", OTHER), 422, "idempotency_key_reused");

        assertThat(problem.path("field").asText()).isEqualTo("Idempotency-Key");
        assertThat(starts()).hasSize(1);
    }

    @Test
    void ofTwoBodiesAtTheSameTimeOneIsStarted() throws Exception {
        var edges = List.of(edge(PATIENT), edge(PATIENT));
        try (var pool = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 10; round++) {
                var key = "round-" + round;
                List<Callable<HttpResponse<String>>> asked =
                        List.of(
                                () -> post(edges.getFirst(), key, START),
                                () -> post(edges.getLast(), key, OTHER));
                var answers = pool.invokeAll(asked);
                var codes = new ArrayList<Integer>();
                for (var answer : answers) {
                    codes.add(answer.get().statusCode());
                }
                assertThat(codes).containsExactlyInAnyOrder(201, 422);
            }
        }
        assertThat(starts()).hasSize(10);
    }

    @Test
    void anotherTenantsKeyIsAnother() throws Exception {
        var edge = world.edge(world.config().with(Tenants.access()));
        var acme = client(edge, Tenants.ACME);
        var globex = client(edge, Tenants.GLOBEX);

        var ids =
                Set.of(
                        created(post(acme, "k", START)),
                        created(post(globex, "k", START)),
                        created(post(edge(PATIENT), "k", START)));

        assertThat(ids).hasSize(3);
        assertThat(created(post(acme, "\"k\"", START))).isIn(ids);
        assertThat(starts()).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void anEdgeThatWasRestartedStillKnows() throws Exception {
        var edge = world.edge();
        var id = created(post(client(edge, null), "k", START));
        edge.close();

        var again = post(edge(PATIENT), "k", START);

        assertThat(created(again)).isEqualTo(id);
        assertThat(replayed(again)).isTrue();
        assertThat(starts()).containsExactly(id);
    }

    /** Writes what an edge has claimed that went no further. */
    private StreamId claimed(String key, long holdMs) throws Exception {
        try (var elsewhere = new World();
                var client = new Client(elsewhere.edge())) {
            created(post(client, key, START));
            var claim = elsewhere.startWords().getFirst();
            var word = (StartWord.Claim) claim.getValue();
            var id = world.newId();
            world.say(
                    claim.getKey(),
                    new StartWord.Claim(id, word.at(), word.fingerprint(), "dead", holdMs));
            return id;
        }
    }

    @Test
    void whatAnEdgeHasClaimedAndNotStartedIsStartedByTheNext() throws Exception {
        var id = claimed("k", 0);
        var one = edge(IMPATIENT);
        var two = edge(PATIENT);

        var first = post(one, "k", START);

        assertThat(created(first)).isEqualTo(id);
        assertThat(replayed(first)).isFalse();
        var second = post(two, "k", START);
        assertThat(created(second)).isEqualTo(id);
        assertThat(replayed(second)).isTrue();
        assertThat(starts()).containsExactly(id);
    }

    @Test
    void ofManyWhoComeForWhatWasLeftOneStartsIt() throws Exception {
        var id = claimed("k", 0);
        var edges = List.of(edge(IMPATIENT), edge(IMPATIENT));
        var asked = new ArrayList<Callable<HttpResponse<String>>>();
        for (int i = 0; i < 8; i++) {
            var client = edges.get(i % edges.size());
            asked.add(() -> post(client, "k", START));
        }
        try (var pool = Executors.newFixedThreadPool(asked.size())) {
            for (var answer : pool.invokeAll(asked)) {
                if (answer.get().statusCode() != 409) {
                    assertThat(created(answer.get())).isEqualTo(id);
                }
            }
        }
        assertThat(starts()).containsExactly(id);
    }

    @Test
    void whatAnEdgeHasStartedWithoutAWordIsNotStartedAgain() throws Exception {
        var id = claimed("k", 0);
        world.started(id, null);

        var next = post(edge(IMPATIENT), "k", START);

        assertThat(created(next)).isEqualTo(id);
        assertThat(replayed(next)).isTrue();
        assertThat(starts()).containsExactly(id);
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(world.startWords())
                                .anyMatch(it -> it.getValue() instanceof StartWord.Started));
    }

    @Test
    void whatAnEdgeIsAboutToStartIsLeftToIt() throws Exception {
        claimed("k", HOUR_MS);

        var answer = post(edge(IMPATIENT), "k", START);

        problem(answer, 409, "idempotency_in_progress");
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(starts()).isEmpty();
    }

    @Test
    void whoAsksAgainForEventsReadsTheOneStream() throws Exception {
        var one = edge(PATIENT);
        var two = edge(PATIENT);
        var id = created(post(one, "k", START));
        try (var early = two.openStream(request(two, "k", START))) {
            var writer = world.writer(id).start().deltas(3).complete();
            writer.flush();
            assertThat(Client.data(early.rest())).isEqualTo(writer.written);
            try (var late = one.openStream(request(one, "k", START))) {
                assertThat(Client.data(late.rest())).isEqualTo(writer.written);
            }
        }
        assertThat(starts()).containsExactly(id);
    }

    @Test
    void aKeyThatIsNoneIsNamed() throws Exception {
        var client = edge(PATIENT);

        var problem = problem(post(client, "a, b", START), 400, "invalid_request");

        assertThat(problem.path("field").asText()).isEqualTo("Idempotency-Key");
        assertThat(starts()).isEmpty();
    }

    @Test
    void aRequestThatIsNotValidUsesUpNoKey() throws Exception {
        var client = edge(PATIENT);
        problem(post(client, "k", "{}"), 400, "invalid_request");

        created(post(client, "k", START));
    }
}
