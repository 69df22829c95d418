package io.tidemark.edge;

import static io.tidemark.edge.Client.data;
import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.concurrent.CompletableFuture;

/** Responses, cancellation, what operators ask, the page, and the way out. */
@RunsOnKafka
class ServiceIT {
    private final World world = new World();
    private final Edge edge = world.edge();
    private final Client client = new Client(edge);

    @AfterEach
    void close() {
        client.close();
        world.close();
    }

    private static String path(StreamId id) {
        return "/v1/streams/" + id;
    }

    @Test
    void theProjectorsAnswerIsPassedOnUnchangedAndAtLeastAsFarAsTheReaderIs() throws Exception {
        var writer = world.writer().start().deltas(2);
        try (var events = client.events(writer.id)) {
            events.take(3);
        }
        world.projector.responses.put(writer.id.toString(), "{\"z\": 1.50,\"a\":[]}");

        var response = client.get(path(writer.id));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"z\": 1.50,\"a\":[]}");
        assertThat(world.projector.asked.element()).contains("minSequence=2");
    }

    @Test
    void whatTheProjectorDoesNotKnowTheLogDecides() throws Exception {
        var id =
                StreamId.parse(
                        Client.json(client.post("/v1/streams", Client.START))
                                .path("requestId")
                                .asText());
        var accepted = client.get(path(id));
        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(Client.json(accepted).path("status").asText()).isEqualTo("accepted");

        var writer = world.writer().start();
        writer.flush();
        problem(client.get(path(writer.id)), 503, "projector_unavailable");
        problem(client.get(path(world.newId())), 404, "unknown_stream");
    }

    @Test
    void aProjectorThatFailsIsNotTheClientsFault() throws Exception {
        world.projector.failure = 500;
        var response = client.get(path(world.newId()));
        problem(response, 503, "projector_unavailable");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        world.projector.close();
        problem(client.get(path(world.newId())), 503, "projector_unavailable");
    }

    @Test
    void aCancelIsInTheLogWhenItIsAnswered() throws Exception {
        var writer = world.writer().start();
        writer.flush();

        var response = client.post(path(writer.id) + "/cancel", "");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(Client.json(response).path("outcome").asText()).isEqualTo("requested");
        assertThat(world.commands())
                .singleElement()
                .isInstanceOfSatisfying(
                        Command.Cancel.class,
                        cancel -> assertThat(cancel.requestId()).isEqualTo(writer.id));
        assertThat(world.readers()).isZero();
    }

    @Test
    void aStreamThatIsOverIsNotCancelled() throws Exception {
        var writer = world.writer().start().complete();
        writer.flush();

        var response = client.post(path(writer.id) + "/cancel?wait=1000", "");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Client.json(response).path("outcome").asText()).isEqualTo("already_terminal");
        assertThat(world.commands()).isEmpty();
    }

    @Test
    void aCancelThatWaitsTellsWhatCameOfIt() throws Exception {
        assertThat(cancelWaiting(Outcome.CANCELLED, 10_000)).isEqualTo("confirmed");
        assertThat(cancelWaiting(Outcome.COMPLETE, 10_000)).isEqualTo("already_terminal");
        assertThat(cancelWaiting(null, 200)).isEqualTo("unconfirmed");
        assertThat(world.readers()).isZero();
    }

    private String cancelWaiting(@Nullable Outcome outcome, long waitMs) throws Exception {
        var writer = world.writer().start();
        writer.flush();
        int before = world.commands().size();
        var answer =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return client.post(path(writer.id) + "/cancel?wait=" + waitMs, "");
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
        Awaitility.await().until(() -> world.commands().size() > before);
        if (outcome != null) {
            writer.complete(outcome);
        }
        return Client.json(answer.join()).path("outcome").asText();
    }

    @Test
    void aStreamThatCannotBeSeenIsStoppedAllTheSame() throws Exception {
        var kafka = new HashMap<>(world.config().kafka());
        kafka.put("default.api.timeout.ms", "1000");
        kafka.put("request.timeout.ms", "1000");
        var id = world.newId();
        try (var blind = new Client(world.edge(world.config(kafka)))) {
            world.eventsCannotBeRead();

            var response = blind.post(path(id) + "/cancel?wait=30000", "");

            assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
            assertThat(Client.json(response).path("outcome").asText()).isEqualTo("unconfirmed");
            assertThat(world.commands()).hasSize(1);
        }
    }

    @Test
    void anEdgeThatLeavesStillStopsStreams() throws Exception {
        var writer = world.writer().start();
        writer.flush();
        edge.drain();

        var response = client.post(path(writer.id) + "/cancel", "");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(world.commands()).hasSize(1);
    }

    @Test
    void anOldStreamIsNotSaidToBeUnknownWhileTheProjectorCannotBeAsked() throws Exception {
        var old = InstantSource.fixed(Instant.now().minus(Duration.ofDays(8)));
        var id = StreamId.mint(old, world.random, 0);
        world.projector.failure = 500;

        problem(client.get(Client.events(id, "")), 503, "projector_unavailable");
        problem(client.post(path(id) + "/cancel", ""), 503, "projector_unavailable");
        problem(client.post(path(world.newId()) + "/cancel", ""), 404, "unknown_stream");
    }

    @Test
    void operatorsAreAnswered() throws Exception {
        assertThat(client.get("/healthz").statusCode()).isEqualTo(200);
        assertThat(client.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(client.get("/metrics").body()).isEqualTo("tidemark_up 1\n");
    }

    @Test
    void thePageBringsAPolicyThatItKeeps() throws Exception {
        var response = client.get("/");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy ->
                        assertThat(policy)
                                .contains("default-src 'none'", "script-src 'sha256-")
                                .doesNotContain("unsafe"));
        assertThat(response.body())
                .contains("id=\"prompt\"", "id=\"cut\"", "id=\"resume\"", "id=\"stop\"")
                .doesNotContain("style=\"", "onclick=", "src=\"http");
    }

    @Test
    void anEdgeThatLeavesSendsItsReadersAwayAndTheyMissNothing() throws Exception {
        var writer = world.writer().start().deltas(3);
        try (var other = new Client(world.edge());
                var events = client.events(writer.id)) {
            var got = new ArrayList<>(events.take(4));
            var draining = CompletableFuture.runAsync(edge::drain);
            writer.deltas(3);
            got.addAll(events.rest());
            draining.join();

            assertThat(events.retries).hasSize(2);
            problem(client.get("/readyz"), 503, "draining");
            problem(client.post("/v1/streams", Client.START), 503, "draining");
            assertThat(client.get("/healthz").statusCode()).isEqualTo(200);
            try (var rest = other.eventsAfter(writer.id, got.size() - 1)) {
                writer.complete();
                got.addAll(rest.rest());
            }
            assertThat(data(got)).isEqualTo(writer.written());
        }
    }

    @Test
    void aRequestThatIsUnderWayIsAnsweredBeforeTheEdgeIsGone() throws Exception {
        try (var raw = new RawHttp(client.base())) {
            raw.send(
                    "POST /v1/streams HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                            + "Expect: 100-continue\r\nContent-Length: "
                            + Client.START.length()
                            + "\r\n\r\n");
            raw.readUntil("100 Continue\r\n\r\n");
            var closing = CompletableFuture.runAsync(edge::close);
            Awaitility.await().until(() -> client.get("/readyz").statusCode() == 503);
            raw.send(Client.START);

            assertThat(raw.readUntil("cancel\"}")).startsWith("HTTP/1.1 201");
            closing.join();
            assertThat(world.meters.find("tidemark.edge.readers").gauges()).isEmpty();
        }
    }

    @Test
    void linksFollowAProxyOnlyWhenItIsTrusted() throws Exception {
        var trusting = world.config().with(new ListenConfig("127.0.0.1", 0, 2, true));
        try (var behindProxy = new Client(world.edge(trusting))) {
            assertThat(eventsUrl(behindProxy, "api.example.org"))
                    .startsWith("https://api.example.org/v1/streams/");
            assertThat(eventsUrl(behindProxy, "evil/path?")).startsWith("/v1/streams/");
            assertThat(eventsUrl(client, "api.example.org")).startsWith("/v1/streams/");
        }
    }

    private static String eventsUrl(Client asking, String host) throws Exception {
        var response =
                asking.send(
                        asking.request("/v1/streams")
                                .header("Content-Type", "application/json")
                                .header("X-Forwarded-Host", host)
                                .header("X-Forwarded-Proto", "https")
                                .POST(BodyPublishers.ofString(Client.START)));
        return Client.json(response).path("eventsUrl").asText();
    }
}
