package io.tidemark.edge;

import static io.tidemark.edge.Client.ids;
import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashMap;

/** Of another tenant's streams nobody can tell that they are there. */
@RunsOnKafka
class TenancyIT {
    private static final World WORLD = new World();
    private static final Edge EDGE = WORLD.edge(WORLD.config().with(Tenants.access()));
    private static final Client ACME = new Client(EDGE, Tenants.ACME);
    private static final Client GLOBEX = new Client(EDGE, Tenants.GLOBEX);
    private static final Client ANYBODY = new Client(WORLD.edge());

    @BeforeAll
    static void quiet() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @AfterAll
    static void close() {
        ACME.close();
        GLOBEX.close();
        ANYBODY.close();
        WORLD.close();
    }

    private static LogWriter acmesStream() {
        return WORLD.writer().of("acme").start().deltas(2);
    }

    private static HttpResponse<String> ask(Client client, String method, String path, StreamId id)
            throws Exception {
        return client.send(
                client.request(path.replace("{id}", id.toString()))
                        .method(method, BodyPublishers.noBody()));
    }

    @Test
    void aTenantReadsItsOwnStreamFromTheWindowAndFromTheLog() throws Exception {
        var writer = acmesStream();
        try (var hot = ACME.events(writer.id)) {
            assertThat(ids(hot.take(3))).containsExactly("0", "1", "2");
            writer.complete().flush();
            assertThat(ids(hot.rest())).containsExactly("3");
        }
        var config = WORLD.config().with(Tenants.access());
        try (var edge = new Client(WORLD.edge(config), Tenants.ACME);
                var cold = edge.events(writer.id)) {
            assertThat(ids(cold.rest())).containsExactly("0", "1", "2", "3");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/streams/{id}/events",
        "GET,/v1/streams/{id}/events?after=1",
        "GET,/v1/streams/{id}/events?after=99",
        "GET,/v1/streams/{id}",
        "GET,/v1/streams/{id}?after=1",
        "POST,/v1/streams/{id}/cancel",
        "POST,/v1/streams/{id}/cancel?wait=5000"
    })
    void anotherTenantsStreamIsAnsweredLikeOneThatNeverWas(String method, String path)
            throws Exception {
        var open = acmesStream();
        var ended = acmesStream().complete();
        open.flush();
        ended.flush();
        try (var reading = ACME.events(open.id)) {
            reading.take(3);
            WORLD.projector.responses.put(ended.id.toString(), "{\"tenant\":\"acme\"}");
            var unknown = ask(GLOBEX, method, path, WORLD.newId());

            problem(unknown, 404, "unknown_stream");
            for (var client : new Client[] {GLOBEX, ANYBODY}) {
                for (var id : new StreamId[] {open.id, ended.id}) {
                    var foreign = ask(client, method, path, id);
                    assertThat(foreign.statusCode()).isEqualTo(404);
                    assertThat(foreign.body()).isEqualTo(unknown.body());
                    assertThat(foreign.headers().map().keySet())
                            .isEqualTo(unknown.headers().map().keySet());
                }
            }
        }
        assertThat(WORLD.commands()).noneMatch(Command.Cancel.class::isInstance);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/streams/{id}/events",
        "GET,/v1/streams/{id}",
        "GET,/v1/streams/{id}?after=1",
        "POST,/v1/streams/{id}/cancel"
    })
    void asMuchIsAskedForAnotherTenantsStreamAsForOneThatNeverWas(String method, String path)
            throws Exception {
        var writer = acmesStream().complete();
        writer.flush();
        WORLD.projector.responses.put(writer.id.toString(), "{\"tenant\":\"acme\"}");

        assertThat(asked(method, path, writer.id))
                .isNotEmpty()
                .isEqualTo(asked(method, path, WORLD.newId()));
    }

    @Test
    void theProjectorWaitsForNobodyWhoMayNotSeeTheStream() throws Exception {
        var writer = acmesStream();
        writer.flush();
        WORLD.projector.responses.put(writer.id.toString(), "{\"tenant\":\"acme\"}");
        var path = "/v1/streams/{id}?after=1";
        try (var cold =
                new Client(WORLD.edge(WORLD.config().with(Tenants.access())), Tenants.ACME)) {
            assertThat(asked("GET", path, writer.id)).doesNotContain("minSequence");
            assertThat(asked("GET", path, WORLD.newId())).doesNotContain("minSequence");

            WORLD.projector.asked.clear();
            assertThat(ask(cold, "GET", path, writer.id).statusCode()).isEqualTo(200);
            assertThat(WORLD.projector.asked.poll()).doesNotContain("minSequence");
            assertThat(WORLD.projector.asked.poll()).contains("minSequence=1");
        }
    }

    private static String asked(String method, String path, StreamId id) throws Exception {
        WORLD.projector.asked.clear();
        ask(GLOBEX, method, path, id);
        return String.join(" ", WORLD.projector.asked).replace(id.toString(), "{id}");
    }

    @Test
    void aStreamWithoutEventsIsItsTenantsFromTheStart() throws Exception {
        var id = WORLD.newId();
        WORLD.started(id, "acme");

        problem(ask(GLOBEX, "GET", "/v1/streams/{id}/events", id), 404, "unknown_stream");
        problem(ask(ANYBODY, "GET", "/v1/streams/{id}/events", id), 404, "unknown_stream");
        assertThat(ask(ACME, "GET", "/v1/streams/{id}", id).statusCode()).isEqualTo(202);
    }

    @Test
    void aStreamThatWasMintedHereIsItsTenantsBeforeItsCommandIsFound() throws Exception {
        var started = ACME.post("/v1/streams", Client.START);
        var id = StreamId.parse(Client.json(started).path("requestId").asText());

        problem(ask(GLOBEX, "GET", "/v1/streams/{id}/events", id), 404, "unknown_stream");
        try (var events = ACME.events(id)) {
            WORLD.writer(id).of("acme").start().complete();
            assertThat(ids(events.rest())).containsExactly("0", "1");
        }
        problem(ask(GLOBEX, "GET", "/v1/streams/{id}/events", id), 404, "unknown_stream");
    }

    @Test
    void aStreamOfNoTenantIsSeenWithoutAuthenticationAlone() throws Exception {
        var writer = WORLD.writer().start().complete();
        writer.flush();
        WORLD.projector.responses.put(writer.id.toString(), "{}");

        try (var events = ANYBODY.events(writer.id)) {
            assertThat(ids(events.rest())).containsExactly("0", "1");
        }
        assertThat(ask(ANYBODY, "GET", "/v1/streams/{id}", writer.id).statusCode()).isEqualTo(200);
        problem(ask(ACME, "GET", "/v1/streams/{id}/events", writer.id), 404, "unknown_stream");
        problem(ask(ACME, "GET", "/v1/streams/{id}", writer.id), 404, "unknown_stream");
    }

    @Test
    void aResponseIsItsTenantsAlone() throws Exception {
        var writer = acmesStream().complete();
        writer.flush();
        var json = "{\"items\":[{\"tenant\":\"globex\"}],\"tenant\":\"acme\"}";
        WORLD.projector.responses.put(writer.id.toString(), json);

        assertThat(ask(ACME, "GET", "/v1/streams/{id}", writer.id).body()).isEqualTo(json);
        problem(ask(GLOBEX, "GET", "/v1/streams/{id}", writer.id), 404, "unknown_stream");
    }

    @Test
    void aTenantCancelsItsOwn() throws Exception {
        var id = acmesStream().id;

        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(ask(ACME, "POST", "/v1/streams/{id}/cancel", id).statusCode())
                                .isEqualTo(202));
    }

    @Test
    void whatCannotBeSeenIsNotCancelledForATenant() throws Exception {
        try (var world = new World()) {
            var kafka = new HashMap<>(world.config().kafka());
            kafka.put("default.api.timeout.ms", "1000");
            kafka.put("request.timeout.ms", "1000");
            var config = world.config(kafka).with(Tenants.access());
            try (var acme = new Client(world.edge(config), Tenants.ACME)) {
                world.eventsCannotBeRead();

                var answer = ask(acme, "POST", "/v1/streams/{id}/cancel", world.newId());

                problem(answer, 503, "log_unavailable");
                assertThat(world.commands()).isEmpty();
            }
        }
    }
}
