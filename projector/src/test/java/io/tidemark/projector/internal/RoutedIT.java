package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;

import io.tidemark.projector.SampleStream;
import io.tidemark.projector.internal.Route.Place;

import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Questions that are passed on to other instances, which answer as a test wants. */
final class RoutedIT {
    private static final String PARTIAL = "?minSequence=3&waitMs=100";

    private final SampleStream stream = SampleStream.of(0, 1, 20);
    private final TopologyFixture topology = new TopologyFixture();
    private final List<HttpServer> servers = new ArrayList<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        servers.forEach(server -> server.stop(0));
        topology.close();
    }

    @Test
    void passesOnWhatTheOwnerSays() throws Exception {
        var route = new Route(peer(200, "{\"from\":\"owner\"}"), List.of());

        assertThat(response(route, PARTIAL).path("from").asText()).isEqualTo("owner");
        assertThat(asked)
                .containsExactly("/v1/responses/" + stream.id() + PARTIAL + " Tidemark-Hop");
    }

    @Test
    void believesAnOwnerThatDoesNotKnowTheStream() throws Exception {
        var copy = peer(200, "{}");
        var route = new Route(peer(404, "{}"), List.of(copy));

        assertThat(response(route, "").path("code").asText()).isEqualTo("unknown_stream");
    }

    @Test
    void asksNobodyElseWhatWasPassedOnToIt() throws Exception {
        var handler = handler(new Route(peer(200, "{}"), List.of()));

        var reply = ask(handler, "/v1/responses/" + stream.id(), true);

        /* The store of the fixture is here, and its log is told to be longer. */
        assertThat(tree(reply).path("code").asText()).isEqualTo("behind");
        assertThat(asked).isEmpty();
    }

    @Test
    void asksForACopyWhatAnOwnerCannotSay() throws Exception {
        var restoring = peer(503, "{\"code\":\"restoring\"}");
        var route = new Route(restoring, List.of(peer(200, "{\"from\":\"copy\"}")));

        assertThat(response(route, PARTIAL).path("from").asText()).isEqualTo("copy");
        assertThat(asked).hasSize(2).last().asString().contains("waitMs=1 ");
    }

    @Test
    void asksForACopyWhenTheOwnerIsGone() throws Exception {
        var route = new Route(gone(), List.of(peer(200, "{\"from\":\"copy\"}")));

        assertThat(response(route, PARTIAL).path("from").asText()).isEqualTo("copy");
    }

    @Test
    void givesUpAnOwnerThatTakesTheQuestionAndSaysNothing() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var owner = new Place.There(URI.create("http://127.0.0.1:" + silent.getLocalPort()));
            var route = new Route(owner, List.of(peer(200, "{\"from\":\"copy\"}")));
            var impatient =
                    new Patience(
                            Handlers.PATIENT.connect(),
                            Duration.ofMillis(100),
                            Handlers.PATIENT.copy(),
                            Handlers.PATIENT.list());
            topology.log.end = 1_000;
            var handler = Handlers.with(topology, _ -> route, impatient);

            var reply = ask(handler, "/v1/responses/" + stream.id() + PARTIAL, false);

            assertThat(tree(reply).path("from").asText()).isEqualTo("copy");
        }
    }

    @Test
    void aCopyHereSavesTheWay() throws Exception {
        topology.append(stream.records());
        var route = new Route(peer(200, "{}"), List.of(new Place.Here()));

        assertThat(response(route, "").path("status").asText()).isEqualTo("completed");
        assertThat(asked).isEmpty();
    }

    @Test
    void saysTheOwnersReasonWhenNobodyCanAnswer() throws Exception {
        var restoring = peer(503, "{\"code\":\"restoring\"}");
        var copy = peer(503, "{\"code\":\"behind\"}");

        assertThat(code(new Route(restoring, List.of(copy)))).isEqualTo("restoring");
        assertThat(code(new Route(gone(), List.of(copy)))).isEqualTo("owner_unreachable");
        assertThat(code(new Route(null, List.of(copy)))).isEqualTo("moving");
        assertThat(code(new Route(null, List.of()))).isEqualTo("restoring");
    }

    @Test
    void saysThatAPartitionMovesWhenItsOwnerDoesNotHaveItHere() throws Exception {
        var owner = gone();
        var handler =
                Handlers.with(
                        topology,
                        Handlers.ABSENT,
                        () -> State.RUNNING,
                        _ -> new Route(owner, List.of()));

        var reply = ask(handler, "/v1/responses/" + stream.id(), true);

        assertThat(tree(reply).path("code").asText()).isEqualTo("moving");
    }

    @Test
    void listsWhatAllOwnersHave() throws Exception {
        var entry =
                """
                {"requestId":"%s","status":"completed","provider":"p","model":"m",\
                "requestedModel":"m","startedAt":1}\
                """
                        .formatted(stream.id());
        var there = peer(200, "{\"streams\":[" + entry + "]}");

        var reply = list(there, there);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(tree(reply).path("streams")).hasSize(1);
        assertThat(asked).singleElement().asString().contains("partitions=0%2C1");
    }

    @Test
    void isNoListWhereOneOwnerCannotSay() throws Exception {
        var there = peer(200, "{\"streams\":[]}");
        var restoring = peer(503, "{\"code\":\"restoring\",\"partitions\":[1]}");

        var reply = list(there, restoring, gone());

        assertThat(reply.status()).isEqualTo(503);
        assertThat(tree(reply).path("code").asText()).isEqualTo("restoring");
        assertThat(tree(reply).path("partitions").toString()).isEqualTo("[1,2]");
    }

    @Test
    void isNoListWhereAPartitionIsNobodys() throws Exception {
        var handler = Handlers.with(topology, () -> State.RUNNING, _ -> new Route(null, List.of()));

        var reply = ask(handler, "/v1/streams", false);

        assertThat(tree(reply).path("code").asText()).isEqualTo("restoring");
        assertThat(tree(reply).path("partitions").toString()).isEqualTo("[0]");
    }

    private Reply list(Place... owners) throws Exception {
        var handler =
                Handlers.with(
                        topology,
                        () -> State.RUNNING,
                        partition -> new Route(owners[partition], List.of()),
                        owners.length);
        return ask(handler, "/v1/streams?limit=10", false);
    }

    private String code(Route route) throws Exception {
        return response(route, PARTIAL).path("code").asText();
    }

    private JsonNode response(Route route, String query) throws Exception {
        return tree(ask(handler(route), "/v1/responses/" + stream.id() + query, false));
    }

    private QueryHandler handler(Route route) {
        topology.log.end = 1_000;
        return Handlers.with(topology, () -> State.RUNNING, _ -> route);
    }

    private static Reply ask(QueryHandler handler, String path, boolean passedOn) throws Exception {
        var replies = new ArrayList<Reply>();
        handler.handle("GET", URI.create(path), passedOn, replies::add);
        assertThat(replies).hasSize(1);
        return replies.getFirst();
    }

    private static JsonNode tree(Reply reply) throws IOException {
        return new ObjectMapper().readTree(reply.body());
    }

    private Place.There peer(int status, String body) {
        var server = server();
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        asked.add(
                                exchange.getRequestURI()
                                        + (exchange.getRequestHeaders().containsKey(Peers.HOP)
                                                ? " " + Peers.HOP
                                                : ""));
                        byte[] bytes = body.getBytes(UTF_8);
                        exchange.sendResponseHeaders(status, bytes.length);
                        exchange.getResponseBody().write(bytes);
                    }
                });
        server.start();
        servers.add(server);
        return there(server);
    }

    /* Nobody listens where somebody has just stopped. */
    private static Place.There gone() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Place.There(URI.create("http://127.0.0.1:" + server.getLocalPort()));
        }
    }

    private static Place.There there(HttpServer server) {
        return new Place.There(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
