package io.tidemark.edge;

import static io.tidemark.edge.Client.ids;
import static io.tidemark.edge.Client.json;
import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Links that browsers can follow: good for one stream, for a while, until they are revoked. */
@RunsOnKafka
class CapabilityIT {
    private static final World WORLD = new World();
    private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);
    private static final Edge EDGE = edge();
    private static final Client ACME = new Client(EDGE, Tenants.ACME);
    private static final Client GLOBEX = new Client(EDGE, Tenants.GLOBEX);
    private static final Client BROWSER = new Client(EDGE);
    private static final Client ELSEWHERE = new Client(edge());

    private static Edge edge() {
        return WORLD.edge(
                WORLD.config().with(Tenants.access()), () -> Instant.now().plus(AHEAD.get()));
    }

    @BeforeAll
    static void quiet() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @AfterAll
    static void close() {
        List.of(ACME, GLOBEX, BROWSER, ELSEWHERE).forEach(Client::close);
        WORLD.close();
    }

    private static JsonNode started() throws Exception {
        var response = ACME.post("/v1/streams", Client.START);
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().map().toString()).doesNotContain("token");
        return json(response);
    }

    private static StreamId id(JsonNode links) {
        return StreamId.parse(links.path("requestId").asText());
    }

    private static String token(JsonNode links, String link) {
        var url = links.path(link).asText();
        return url.substring(url.indexOf("?token=") + "?token=".length());
    }

    private static HttpResponse<String> ask(Client client, String method, String path)
            throws Exception {
        return client.send(client.request(path).method(method, BodyPublishers.noBody()));
    }

    private static String capabilities(JsonNode links) {
        return "/v1/streams/" + id(links) + "/capabilities";
    }

    private static void unauthorized(HttpResponse<String> response) throws Exception {
        problem(response, 401, "unauthorized");
        assertThat(response.body()).isEqualTo(BROWSER.get("/v1/streams/" + WORLD.newId()).body());
    }

    @Test
    void theLinksOfAStreamAreFollowedWithoutAKeyOnEveryEdge() throws Exception {
        var links = started();
        WORLD.writer(id(links)).of("acme").start().complete().flush();

        for (var client : new Client[] {BROWSER, ELSEWHERE}) {
            var events = client.stream(client.request(links.path("eventsUrl").asText()));
            assertThat(events.statusCode()).isEqualTo(200);
            assertThat(ids(new Sse(events.body()).rest())).containsExactly("0", "1");
            assertThat(ask(client, "POST", links.path("cancelUrl").asText()).body())
                    .contains("already_terminal");
        }
        WORLD.projector.responses.put(id(links).toString(), "{\"tenant\":\"acme\"}");
        assertThat(BROWSER.get(links.path("responseUrl").asText()).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "eventsUrl,POST,/v1/streams/{id}/cancel",
        "responseUrl,POST,/v1/streams/{id}/capabilities",
        "responseUrl,DELETE,/v1/streams/{id}/capabilities",
        "eventsUrl,POST,/v1/streams",
        "cancelUrl,GET,/v1/streams/{id}",
        "cancelUrl,GET,/v1/streams/{id}/events"
    })
    void aLinkIsGoodForWhatItIsForAlone(String link, String method, String path) throws Exception {
        var links = started();
        var target = path.replace("{id}", id(links).toString());

        unauthorized(ask(BROWSER, method, target + "?token=" + token(links, link)));
    }

    @Test
    void aForeignCapabilityIsRefused() throws Exception {
        var own = started();
        var other = started();
        var unknown = WORLD.newId();

        unauthorized(BROWSER.get("/v1/streams/" + id(other) + "?token=" + token(own, "eventsUrl")));
        unauthorized(BROWSER.get("/v1/streams/" + unknown + "?token=" + token(own, "eventsUrl")));
        unauthorized(BROWSER.get("/v1/streams/nothing?token=" + token(own, "eventsUrl")));
    }

    @Test
    void anExpiredCapabilityIsRefusedWhenItsHolderComesBack() throws Exception {
        var links = started();
        var writer = WORLD.writer(id(links)).of("acme").start();
        var issued = json(ACME.post(capabilities(links), "{\"lifetimeMs\":60000}"));
        var url = issued.path("eventsUrl").asText();
        try (var events = new Sse(BROWSER.stream(BROWSER.request(url)).body())) {
            events.take(1);
            AHEAD.set(Duration.ofSeconds(61));
            try {
                writer.complete();
                assertThat(ids(events.rest())).containsExactly("1");
                unauthorized(BROWSER.get(url));
                assertThat(ask(ACME, "GET", "/v1/streams/" + id(links)).statusCode())
                        .isNotEqualTo(401);
            } finally {
                AHEAD.set(Duration.ZERO);
            }
        }
    }

    @Test
    void forgedAndTruncatedCapabilitiesAreRefused() throws Exception {
        var links = started();
        var token = token(links, "responseUrl");
        var path = "/v1/streams/" + id(links) + "?token=";
        var other = token(started(), "responseUrl");
        int half = token.length() / 2;

        for (var forged :
                List.of(
                        "",
                        "x",
                        token.substring(1),
                        token.substring(0, token.length() - 1),
                        token.substring(0, half),
                        token.substring(0, half) + other.substring(half),
                        token + "=",
                        token + "A",
                        token + "&token=" + token,
                        "%00" + token,
                        "a".repeat(8_000))) {
            unauthorized(BROWSER.get(path + forged));
        }
        assertThat(BROWSER.get(path + token).statusCode()).isEqualTo(202);
    }

    @Test
    void aTokenBesideAKeyIsRefusedEvenIfBothAreGood() throws Exception {
        var links = started();

        unauthorized(ACME.get(links.path("responseUrl").asText()));
        unauthorized(GLOBEX.get(links.path("responseUrl").asText()));
    }

    @Test
    void anEdgeWithOtherKeysRefusesAndOneWithBothTakesThem() throws Exception {
        var links = started();
        var next =
                new AccessConfig.Capabilities(List.of(Tenants.SIGNING_NEXT), Duration.ofHours(1));
        var both =
                new AccessConfig.Capabilities(
                        List.of(Tenants.SIGNING_NEXT, Tenants.SIGNING), Duration.ofHours(1));
        try (var changed = new Client(WORLD.edge(WORLD.config().with(Tenants.access(next))));
                var changing = new Client(WORLD.edge(WORLD.config().with(Tenants.access(both))))) {
            unauthorized(changed.get(links.path("responseUrl").asText()));
            assertThat(changing.get(links.path("responseUrl").asText()).statusCode())
                    .isEqualTo(202);
        }
    }

    @Test
    void aRevokedCapabilityIsRefusedOnEveryEdgeAndANewOneIsNot() throws Exception {
        var links = started();
        var old = links.path("responseUrl").asText();
        assertThat(ELSEWHERE.get(old).statusCode()).isEqualTo(202);

        assertThat(ask(ACME, "DELETE", capabilities(links)).statusCode()).isEqualTo(204);

        unauthorized(BROWSER.get(old));
        unauthorized(ask(BROWSER, "POST", links.path("cancelUrl").asText()));
        Awaitility.await()
                .untilAsserted(() -> assertThat(ELSEWHERE.get(old).statusCode()).isEqualTo(401));
        var fresh = json(ACME.post(capabilities(links), "")).path("responseUrl").asText();
        try (var later = new Client(edge())) {
            for (var client : new Client[] {BROWSER, ELSEWHERE, later}) {
                unauthorized(client.get(old));
                assertThat(client.get(fresh).statusCode()).isEqualTo(202);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"POST", "DELETE"})
    void nobodyIssuesOrRevokesForAnotherTenantsStream(String method) throws Exception {
        var links = started();
        var unknown = ask(GLOBEX, method, "/v1/streams/" + WORLD.newId() + "/capabilities");
        var foreign = ask(GLOBEX, method, capabilities(links));

        problem(foreign, 404, "unknown_stream");
        assertThat(foreign.body()).isEqualTo(unknown.body());
        assertThat(BROWSER.get(links.path("responseUrl").asText()).statusCode()).isEqualTo(202);
    }

    @Test
    void aCapabilityIsIssuedAsItIsAskedFor() throws Exception {
        var links = started();

        var issued =
                json(ACME.post(capabilities(links), "{\"scope\":\"cancel\",\"lifetimeMs\":5000}"));

        assertThat(issued.path("scope").asText()).isEqualTo("cancel");
        assertThat(issued.has("eventsUrl")).isFalse();
        assertThat(issued.path("expiresAt").asLong() - System.currentTimeMillis())
                .isBetween(0L, 5_000L);
        assertThat(ask(BROWSER, "POST", issued.path("cancelUrl").asText()).statusCode())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"scope\":\"write\"}|scope",
                "{\"scope\":7}|scope",
                "{\"lifetimeMs\":999}|lifetimeMs",
                "{\"lifetimeMs\":3600001}|lifetimeMs",
                "{\"lifetimeMs\":\"5000\"}|lifetimeMs",
                "{\"lifetimeMs\":1e99}|lifetimeMs",
                "{\"else\":1}|body",
                "[]|body",
                "{|body"
            })
    void whatCannotBeIssuedIsRefusedByField(String body, String field) throws Exception {
        var links = started();

        var problem = problem(ACME.post(capabilities(links), body), 400, "invalid_request");

        assertThat(problem.path("field").asText()).isEqualTo(field);
    }

    @Test
    void noProblemRepeatsTheCapability() throws Exception {
        var links = started();
        var writer = WORLD.writer(id(links)).of("acme").start().deltas(2);
        long last = writer.flush();
        writer.complete().flush();
        WORLD.expireBefore(id(links), last);
        var token = token(links, "eventsUrl");

        try (var cold = new Client(edge())) {
            var gone = cold.get(links.path("eventsUrl").asText());
            var invalid = cold.get(links.path("eventsUrl").asText() + "&after=x");

            problem(gone, 410, "events_expired");
            problem(invalid, 400, "invalid_request");
            assertThat(gone.body() + gone.headers().map() + invalid.body()).doesNotContain(token);
        }
    }

    @Test
    void thereAreNoCapabilitiesWithoutAuthentication() throws Exception {
        try (var anybody = new Client(WORLD.edge())) {
            var links = json(anybody.post("/v1/streams", Client.START));

            assertThat(links.toString()).doesNotContain("token");
            problem(anybody.post(capabilities(links), ""), 404, "not_found");
        }
    }
}
