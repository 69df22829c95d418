package io.tidemark.edge;

import static io.tidemark.edge.Client.events;
import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Streams that nobody reads any more, at any edge, whatever they are asked for. */
@RunsOnKafka
class ErasureIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final World WORLD = new World();
    private static final Edge EDGE = edge();
    private static final SimpleMeterRegistry EDGE_METERS = WORLD.meters;
    private static final Client ACME = new Client(EDGE, Tenants.ACME);
    private static final Client GLOBEX = new Client(EDGE, Tenants.GLOBEX);
    private static final Client ELSEWHERE = new Client(edge(), Tenants.ACME);

    private static Edge edge() {
        return WORLD.edge(WORLD.config().with(Tenants.access()));
    }

    @BeforeAll
    static void quiet() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @AfterAll
    static void close() {
        List.of(ACME, GLOBEX, ELSEWHERE).forEach(Client::close);
        WORLD.close();
    }

    private static LogWriter written() {
        return WORLD.writer().of("acme").start().deltas(3);
    }

    private static HttpResponse<String> ask(Client client, String method, String path)
            throws Exception {
        return client.send(client.request(path).method(method, BodyPublishers.noBody()));
    }

    private static HttpResponse<String> delete(Client client, StreamId id) throws Exception {
        return ask(client, "DELETE", stream(id, ""));
    }

    private static String stream(StreamId id, String part) {
        return "/v1/streams/" + id + part;
    }

    private static void erased(HttpResponse<String> response) throws Exception {
        var problem = problem(response, 410, "erased");
        assertThat(problem.has("response")).isFalse();
        assertThat(problem.has("earliestSequence")).isFalse();
        assertThat(response.headers().firstValue("Link")).isEmpty();
    }

    /* Another edge reads of it a moment later. */
    private static void awaitErased(Client client, StreamId id) {
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(client.get(events(id, "?after=0")).statusCode()).isEqualTo(410));
    }

    private static List<Erasure> erasures(StreamId id) {
        return WORLD.erasures().stream().filter(it -> it.requestId().equals(id)).toList();
    }

    private static List<Command> cancels(StreamId id) {
        return WORLD.commands().stream()
                .filter(command ->
                        command instanceof Command.Cancel it && it.requestId().equals(id))
                .toList();
    }

    @Test
    void anErasedStreamIsGoneAtEveryEdgeForEverything() throws Exception {
        var id = written().complete().id;
        WORLD.projector.responses.put(id.toString(), "{\"tenant\":\"acme\"}");
        assertThat(ACME.get(stream(id, "")).statusCode()).isEqualTo(200);
        assertThat(ACME.get(events(id, "")).statusCode()).isEqualTo(200);

        assertThat(delete(ACME, id).statusCode()).isEqualTo(204);

        awaitErased(ELSEWHERE, id);
        for (var client : List.of(ACME, ELSEWHERE)) {
            erased(client.get(stream(id, "")));
            erased(client.get(events(id, "")));
            erased(client.get(events(id, "?after=4")));
            erased(client.get(events(id, "?from=snapshot")));
            erased(ask(client, "POST", stream(id, "/cancel")));
            erased(ask(client, "POST", stream(id, "/capabilities")));
            erased(ask(client, "DELETE", stream(id, "/capabilities")));
        }
        assertThat(erasures(id))
                .singleElement()
                .returns("acme", Erasure::tenant)
                .returns(id, Erasure::requestId);
        assertThat(cancels(id)).isEmpty();
    }

    @Test
    void toEraseItAgainIsToHaveErasedIt() throws Exception {
        var id = written().complete().id;

        assertThat(delete(ACME, id).statusCode()).isEqualTo(204);
        assertThat(delete(ACME, id).statusCode()).isEqualTo(204);
        awaitErased(ELSEWHERE, id);
        assertThat(delete(ELSEWHERE, id).statusCode()).isEqualTo(204);

        assertThat(erasures(id)).hasSize(1);
    }

    @Test
    void anEdgeThatStartsLaterKnowsWhatWasErased() throws Exception {
        var id = written().complete().id;
        delete(ACME, id);

        try (var late = new Client(edge(), Tenants.ACME)) {
            erased(late.get(events(id, "")));
            erased(late.get(stream(id, "")));
        }
    }

    @Test
    void anothersStreamIsNotThereToBeErased() throws Exception {
        var id = written().complete().id;

        problem(delete(GLOBEX, id), 404, "unknown_stream");
        assertThat(ACME.get(events(id, "")).statusCode()).isEqualTo(200);
        assertThat(delete(ACME, id).statusCode()).isEqualTo(204);

        problem(delete(GLOBEX, id), 404, "unknown_stream");
        problem(GLOBEX.get(events(id, "")), 404, "unknown_stream");
        problem(GLOBEX.get(stream(id, "")), 404, "unknown_stream");
        problem(ask(GLOBEX, "POST", stream(id, "/cancel")), 404, "unknown_stream");
        assertThat(erasures(id)).hasSize(1);
    }

    @Test
    void whatWasNeverStartedCannotBeErased() throws Exception {
        var id = WORLD.newId();

        problem(delete(ACME, id), 404, "unknown_stream");
        problem(ask(ACME, "DELETE", "/v1/streams/nonsense"), 400, "invalid_request");
        assertThat(erasures(id)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "cancel"})
    void aCapabilityIsNotEnough(String scope) throws Exception {
        var id = written().complete().id;
        var issued = ACME.post(stream(id, "/capabilities"), "{\"scope\":\"" + scope + "\"}");
        var token = Client.json(issued).path("token").asText();

        try (var browser = new Client(EDGE)) {
            problem(ask(browser, "DELETE", stream(id, "?token=" + token)), 401, "unauthorized");
        }
        assertThat(ACME.get(events(id, "")).statusCode()).isEqualTo(200);
    }

    @Test
    void whoHoldsACapabilityIsToldThatTheStreamWasErased() throws Exception {
        var id = written().complete().id;
        var token = Client.json(ACME.post(stream(id, "/capabilities"), "")).path("token").asText();
        delete(ACME, id);

        try (var browser = new Client(EDGE)) {
            erased(browser.get(stream(id, "/events?token=" + token)));
            erased(browser.get(stream(id, "?token=" + token)));
        }
    }

    @Test
    void anOpenStreamIsCancelledAndItsReadersAreSentAwayForGood() throws Exception {
        var writer = written();
        try (var here = ACME.events(writer.id);
                var there = ELSEWHERE.events(writer.id);
                var batched =
                        new Sse(
                                ACME.stream(ACME.request(events(writer.id, "?batch=2000")))
                                        .body())) {
            here.take(4);
            there.take(4);
            batched.take(1);

            assertThat(delete(ACME, writer.id).statusCode()).isEqualTo(204);

            assertThat(here.rest()).isEmpty();
            assertThat(there.rest()).isEmpty();
            /* It may have been time for what was held. */
            assertThat(batched.rest()).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(cancels(writer.id)).hasSize(1);
        writer.deltas(2).complete(Outcome.CANCELLED);
        erased(ACME.get(events(writer.id, "?after=3")));
        erased(ELSEWHERE.get(events(writer.id, "?after=5")));
    }

    @Test
    void aStreamWithoutAnEventIsErasedAndCancelledAsWell() throws Exception {
        var started = ACME.post("/v1/streams", Client.START);
        var id = StreamId.parse(Client.json(started).path("requestId").asText());

        assertThat(delete(ELSEWHERE, id).statusCode()).isEqualTo(204);

        assertThat(cancels(id)).hasSize(1);
        erased(ELSEWHERE.get(events(id, "")));
        WORLD.writer(id).of("acme").start().deltas(1);
        erased(ELSEWHERE.get(events(id, "")));
    }

    @Test
    void whoWaitsForAPageIsToldAtOnce() throws Exception {
        var writer = written();
        var request =
                ACME.request(events(writer.id, "?after=3&wait=30000"))
                        .header("Accept", "application/json");
        var waiting =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return ACME.send(request);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
        await().atMost(LONG).until(() -> readers("live") > 0);

        delete(ELSEWHERE, writer.id);

        erased(waiting.join());
    }

    private static double readers(String state) {
        return EDGE_METERS.get("tidemark.edge.readers").tag("state", state).gauge().value();
    }

    @Test
    void aSocketSaysThatThereIsNoComingBack() throws Exception {
        try (var world = new World();
                var client = new Client(world.edge())) {
            var writer = world.writer().start().deltas(3);
            try (var socket = Socket.open(client, writer.id, "");
                    var stuck = Socket.open(client, writer.id, "?unacked=1")) {
                assertThat(socket.take(4)).hasSize(4);
                assertThat(stuck.take(1)).hasSize(1);

                assertThat(delete(client, writer.id).statusCode()).isEqualTo(204);

                assertThat(socket.rest()).isEmpty();
                assertThat(stuck.rest()).isEmpty();
                assertThat(socket.closeCode()).isEqualTo(4410);
                assertThat(stuck.closeCode()).isEqualTo(4410);
            }
        }
    }

    @Test
    void whatOnlyTheProjectorKnowsIsErased() throws Exception {
        var id = WORLD.newId();
        WORLD.projector.responses.put(id.toString(), "{\"tenant\":\"acme\"}");

        problem(delete(GLOBEX, id), 404, "unknown_stream");
        assertThat(delete(ACME, id).statusCode()).isEqualTo(204);

        erased(ACME.get(stream(id, "")));
        assertThat(erasures(id)).hasSize(1);
    }

    @Test
    void whatTheProjectorHasErasedIsGoneWhereItIsForgotten() throws Exception {
        var id = WORLD.newId();
        WORLD.projector.erased.put(id.toString(), "acme");

        erased(ACME.get(stream(id, "")));
        erased(ACME.get(events(id, "")));
        erased(ACME.get(events(id, "?from=snapshot")));
        assertThat(delete(ACME, id).statusCode()).isEqualTo(204);
        problem(GLOBEX.get(stream(id, "")), 404, "unknown_stream");
        problem(delete(GLOBEX, id), 404, "unknown_stream");
    }

    @Test
    void theKeyOfAnErasedStreamStartsNoOther() throws Exception {
        var started = start("erased-17");
        assertThat(started.statusCode()).isEqualTo(201);
        var id = StreamId.parse(Client.json(started).path("requestId").asText());
        delete(ACME, id);

        erased(start("erased-17"));
        assertThat(start("erased-18").statusCode()).isEqualTo(201);
    }

    private static HttpResponse<String> start(String key) throws Exception {
        return ACME.send(
                ACME.request("/v1/streams")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofString(Client.START)));
    }

    @Test
    void whatOneEdgeErasesAnotherEdgeHeeds() throws Exception {
        var id = written().complete().id;

        WORLD.erase(new Erasure(id, System.currentTimeMillis(), "acme"));

        awaitErased(ACME, id);
        awaitErased(ELSEWHERE, id);
    }

    @Test
    void nothingIsErasedThatTheLogDoesNotHave() throws Exception {
        try (var world = new World();
                var client = new Client(world.edge())) {
            var id = world.writer().start().deltas(2).id;
            var other = world.writer().start().id;
            assertThat(delete(client, other).statusCode()).isEqualTo(204);
            world.commandsAreNotAcknowledged();

            var refused = delete(client, id);

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isNotEmpty();
            assertThat(client.eventsAfter(id, 0).take(2)).hasSize(2);
            assertThat(world.erasures()).extracting(Erasure::requestId).containsExactly(other);
        }
    }

    @Test
    void anyoneErasesNobodysStreams() throws Exception {
        try (var world = new World();
                var client = new Client(world.edge())) {
            var id = world.writer().start().complete().id;

            assertThat(delete(client, id).statusCode()).isEqualTo(204);

            erased(client.get(events(id, "")));
            assertThat(world.erasures()).extracting(Erasure::tenant).containsOnlyNulls();
            assertThat(world.count("tidemark.edge.erasures")).isPositive();
        }
    }
}
