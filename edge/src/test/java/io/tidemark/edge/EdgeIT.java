package io.tidemark.edge;

import static io.tidemark.edge.Client.data;
import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;

/** A stream is asked for, and read while it is written and after. */
@RunsOnKafka
class EdgeIT {
    private final World world = new World();
    private final Client client = new Client(world.edge());

    @AfterEach
    void close() {
        client.close();
        world.close();
    }

    @Test
    void aStartIsInTheLogWhenItIsAnswered() throws Exception {
        var response = client.post("/v1/streams", Client.START);

        assertThat(response.statusCode()).isEqualTo(201);
        var body = Client.json(response);
        var id = body.path("requestId").asText();
        assertThat(response.headers().firstValue("Location")).hasValue("/v1/streams/" + id);
        assertThat(body.path("eventsUrl").asText()).isEqualTo("/v1/streams/" + id + "/events");
        assertThat(body.path("responseUrl").asText()).isEqualTo("/v1/streams/" + id);
        assertThat(body.path("cancelUrl").asText()).isEqualTo("/v1/streams/" + id + "/cancel");
        assertThat(world.commands())
                .singleElement()
                .isInstanceOfSatisfying(
                        Command.Start.class,
                        start -> {
                            assertThat(start.requestId()).hasToString(id);
                            assertThat(start.provider()).isEqualTo("openai");
                            assertThat(start.model()).isEqualTo("sim-answer");
                            assertThat(start.request().path("input").asText()).isEqualTo("hello");
                        });
    }

    @Test
    void aReaderWaitsForTheFirstEventAndGetsAllOfThemAsTheyCome() throws Exception {
        var id = start();
        try (var events = client.events(id)) {
            var writer = world.writer(id).start().deltas(3);

            assertThat(data(events.take(4))).isEqualTo(writer.written());

            writer.deltas(2).complete();
            assertThat(data(events.rest())).isEqualTo(writer.written().subList(4, 7));
        }
    }

    @Test
    void aPostThatAcceptsEventsGetsThemInItsOwnResponse() throws Exception {
        var response =
                client.stream(
                        client.request("/v1/streams")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(Client.START)));

        assertThat(response.statusCode()).isEqualTo(200);
        var id = StreamId.parse(response.headers().firstValue("Tidemark-Request-Id").orElseThrow());
        assertThat(response.headers().firstValue("Location")).hasValue("/v1/streams/" + id);
        var writer = world.writer(id).start().deltas(5).complete();
        try (var events = new Sse(response.body())) {
            assertThat(data(events.rest())).isEqualTo(writer.written());
        }
    }

    @Test
    void aStreamThatThisEdgeNeverSawIsReadFromTheLog() throws Exception {
        var writer = world.writer().start().deltas(20).complete();
        writer.flush();
        try (var later = new Client(world.edge());
                var events = later.events(writer.id)) {
            assertThat(data(events.rest())).isEqualTo(writer.written());
        }
    }

    @Test
    void streamsAreNotToBeBufferedOnTheWay() throws Exception {
        var writer = world.writer().start().complete();
        writer.flush();

        var headers = client.stream(client.request(Client.events(writer.id, ""))).headers();

        assertThat(headers.firstValue("Content-Type")).hasValue("text/event-stream; charset=utf-8");
        assertThat(headers.firstValue("Cache-Control"))
                .hasValue("no-cache, no-store, no-transform");
        assertThat(headers.firstValue("X-Accel-Buffering")).hasValue("no");
        assertThat(headers.firstValue("Content-Encoding")).isEmpty();
    }

    @Test
    void nothingIsStartedForAClientThatCannotBeServed() throws Exception {
        try (var crowded = new Client(world.edge(oneReader()));
                var _ = crowded.events(world.writer().start().id)) {
            var response = crowded.stream(startAndStream(crowded));

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(world.commands()).isEmpty();
        }
    }

    @Test
    void aStreamThatWasStartedIsNotRefusedWhenTheRoomIsGoneMeanwhile() throws Exception {
        var crowded = new Client(world.edge(oneReader()));
        try (crowded;
                var raw = new RawHttp(crowded.base())) {
            raw.send(
                    "POST /v1/streams HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                            + "Accept: text/event-stream\r\nExpect: 100-continue\r\n"
                            + "Content-Length: "
                            + Client.START.length()
                            + "\r\n\r\n");
            raw.readUntil("100 Continue\r\n\r\n");
            try (var _ = crowded.events(world.writer().start().id)) {
                raw.send(Client.START);

                var answer = raw.readUntil("cancel\"}");
                assertThat(answer).contains("HTTP/1.1 201 ", "\r\nLocation: /v1/streams/");
                assertThat(world.commands()).hasSize(1);
            }
        }
    }

    private EdgeConfig oneReader() {
        return world.config().with(new LimitsConfig(4_096, 65_536, 2_048, 100, 1));
    }

    private static HttpRequest.Builder startAndStream(Client client) {
        return client.request("/v1/streams")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Client.START));
    }

    @Test
    void aStartThatIsNotAcknowledgedNamesTheStreamAndIsNotToBeRepeated() throws Exception {
        var hasty =
                new TimeoutsConfig(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1));
        try (var uncertain = new Client(world.edge(world.config().with(hasty)))) {
            assertThat(uncertain.post("/v1/streams", Client.START).statusCode()).isEqualTo(201);
            world.commandsAreNotAcknowledged();

            var response = uncertain.post("/v1/streams", Client.START);

            var id = problem(response, 503, "log_unavailable").path("requestId").asText();
            assertThat(response.headers().firstValue("Location")).hasValue("/v1/streams/" + id);
            assertThat(response.headers().firstValue("Retry-After")).isEmpty();
        }
    }

    @Test
    void aStreamIsNotHeldBackForARequestBehindIt() throws Exception {
        var writer = world.writer().start();
        writer.flush();
        try (var raw = new RawHttp(client.base())) {
            raw.send(get(Client.events(writer.id, "")) + get("/healthz"));
            raw.readUntil("id: 0\n");
            writer.deltas(1);
            raw.readUntil("id: 1\n");
            writer.complete();

            assertThat(raw.readUntil("{\"status\":\"ok\"}")).contains("id: 2\n");
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private StreamId start() throws Exception {
        var response = client.post("/v1/streams", Client.START);
        assertThat(response.statusCode()).isEqualTo(201);
        return StreamId.parse(Client.json(response).path("requestId").asText());
    }
}
