package io.tidemark.edge;

import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.schemas.Command;
import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.Stream;

/** With authentication configured, nobody gets anything about streams without a key. */
@RunsOnKafka
class ApiKeyIT {
    private static final World WORLD = new World();
    private static final Edge EDGE = WORLD.edge(WORLD.config().with(Tenants.access()));
    private static final MeterRegistry METERS = WORLD.meters;
    private static final Client NOBODY = new Client(EDGE);
    private static final String ID = WORLD.newId().toString();

    @AfterAll
    static void close() {
        NOBODY.close();
        WORLD.close();
    }

    @ParameterizedTest
    @CsvSource({
        "POST,/v1/streams",
        "GET,/v1/streams",
        "GET,/v1/streams/{id}",
        "GET,/v1/streams/not-an-id",
        "GET,/v1/streams/{id}/events",
        "POST,/v1/streams/{id}/cancel",
        "GET,/v1/streams/{id}/nothing",
        "GET,/v1",
        "OPTIONS,/v1/streams"
    })
    void withoutAKeyNothingIsSaidButThatOneIsNeeded(String method, String path) throws Exception {
        var response =
                NOBODY.send(
                        NOBODY.request(path.replace("{id}", ID))
                                .header("Content-Type", "application/json")
                                .method(method, BodyPublishers.ofString(Client.START)));

        problem(response, 401, "unauthorized");
        assertThat(response.headers().allValues("WWW-Authenticate"))
                .containsExactly("Bearer realm=\"tidemark\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/healthz", "/readyz", "/metrics"})
    void whatOperatorsAskForNeedsNoKey(String path) throws Exception {
        assertThat(NOBODY.get(path).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({Tenants.ACME + ",acme", Tenants.ACME_NEXT + ",acme", Tenants.GLOBEX + ",globex"})
    void everyKeyOfATenantStartsStreamsOfThatTenant(String key, String tenant) throws Exception {
        try (var client = new Client(EDGE, key)) {
            var id = Client.json(client.post("/v1/streams", Client.START)).path("requestId");

            assertThat(WORLD.commands())
                    .filteredOn(command ->
                            command instanceof Command.Start start
                                    && start.requestId().toString().equals(id.asText()))
                    .singleElement()
                    .extracting(command -> ((Command.Start) command).tenant())
                    .isEqualTo(tenant);
        }
    }

    static Stream<Arguments> hostile() {
        var good = "Authorization: Bearer " + Tenants.ACME + "\r\n";
        return Stream.of(
                Arguments.of("another scheme", "Authorization: Basic " + Tenants.ACME + "\r\n", ""),
                Arguments.of("no scheme", "Authorization: " + Tenants.ACME + "\r\n", ""),
                Arguments.of("no key", "Authorization: Bearer \r\n", ""),
                Arguments.of("the key's beginning", bearer(Tenants.ACME.substring(1)), ""),
                Arguments.of("more than the key", bearer(Tenants.ACME + "x"), ""),
                Arguments.of("the key in other case", bearer("ACME" + tail()), ""),
                Arguments.of("a blank in the key", bearer("acme " + tail()), ""),
                Arguments.of("a comma behind it", bearer(Tenants.ACME + ","), ""),
                Arguments.of("two keys in one", bearer(Tenants.ACME + ", Bearer x"), ""),
                Arguments.of("a quoted key", bearer("\"" + Tenants.ACME + "\""), ""),
                Arguments.of("no ASCII", bearer("\u00e4cme" + tail()), ""),
                Arguments.of("a tab", bearer(Tenants.ACME + "\ty"), ""),
                Arguments.of("an escape", bearer("%61cme" + tail()), ""),
                Arguments.of("a long one", bearer("x".repeat(9_000)), ""),
                Arguments.of("two headers, both good", good + good, ""),
                Arguments.of("two headers, one good", good + bearer("x".repeat(40)), ""),
                Arguments.of("a key in the query", "", "?token=" + Tenants.ACME),
                Arguments.of("one in each place", good, "?token=" + Tenants.ACME),
                Arguments.of("an empty token beside it", good, "?token="));
    }

    private static String bearer(String key) {
        return "Authorization: Bearer " + key + "\r\n";
    }

    private static String tail() {
        return Tenants.ACME.substring(4);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void whatIsNotOneGoodKeyIsRefusedInTheSameWords(String what, String headers, String query)
            throws Exception {
        try (var raw = new RawHttp(EDGE.address())) {
            raw.send(
                    "GET /v1/streams/%s%s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s\r\n"
                            .formatted(ID, query, headers));
            var answer = raw.readToEnd();

            assertThat(answer).as(what).startsWith("HTTP/1.1 401 ");
            assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                    .isEqualTo(NOBODY.get("/v1/streams/" + ID).body())
                    .doesNotContain(tail());
        }
    }

    @Test
    void theSchemeIsReadInAnyCase() throws Exception {
        var response =
                NOBODY.send(
                        NOBODY.request("/v1/streams/" + ID)
                                .header("Authorization", "bEARER  " + Tenants.ACME));

        problem(response, 404, "unknown_stream");
    }

    @Test
    void whatIsRefusedIsCounted() throws Exception {
        NOBODY.get("/v1/streams/" + ID);

        assertThat(
                        METERS.get("tidemark.edge.refused")
                                .tag("code", "unauthorized")
                                .counter()
                                .count())
                .isPositive();
    }

    @Test
    void anEdgeThatOthersReachDoesNotStartWithoutAuthentication() {
        var open = WORLD.config().with(new ListenConfig("0.0.0.0", 0, 0, false));

        assertThatThrownBy(() -> WORLD.edge(open))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("0.0.0.0", "tenants.<name>.api-keys", "allow-anonymous");
    }

    @Test
    void anEdgeThatOthersReachStartsWithAuthenticationOrWhenItIsToldToServeAnybody() {
        var open = WORLD.config().with(new ListenConfig("0.0.0.0", 0, 0, false));

        assertThat(WORLD.edge(open.with(Tenants.access())).address()).hasScheme("http");
        assertThat(WORLD.edge(open.with(AccessConfig.anybody())).address()).hasScheme("http");
    }
}
