package io.tidemark.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** Which pages may read what an edge answers. */
@RunsOnKafka
class CorsIT {
    private static final String APP = "https://app.example";
    private static final World WORLD = new World();
    private static final Client NAMED = client(List.of(APP, "http://localhost:3000"));
    private static final Client ALL = client(List.of("*"));
    private static final Client NONE = client(List.of());

    private static Client client(List<String> origins) {
        return new Client(
                WORLD.edge(WORLD.config().with(Tenants.access().withCorsOrigins(origins))));
    }

    @AfterAll
    static void close() {
        List.of(NAMED, ALL, NONE).forEach(Client::close);
        WORLD.close();
    }

    /* Over a socket: the client of the platform does not let one say where one is from. */
    private static String raw(Client client, String method, String path, String headers)
            throws Exception {
        try (var raw = new RawHttp(client.base())) {
            raw.send(
                    "%s %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s\r\n"
                            .formatted(method, path, headers));
            return raw.readToEnd();
        }
    }

    private static String preflight(Client client, String path, String origin) throws Exception {
        return raw(
                client,
                "OPTIONS",
                path,
                "Origin: %s\r\nAccess-Control-Request-Method: POST\r\n".formatted(origin));
    }

    @Test
    void aPreflightOfAnAllowedOriginNeedsNoCredential() throws Exception {
        assertThat(preflight(NAMED, "/v1/streams", APP))
                .startsWith("HTTP/1.1 204 ")
                .contains("\r\nAccess-Control-Allow-Origin: " + APP + "\r\n")
                .contains("\r\nAccess-Control-Allow-Methods: GET, POST\r\n")
                .containsPattern("Access-Control-Allow-Headers: .*Authorization.*Last-Event-ID")
                .contains("\r\nVary: Origin\r\n")
                .doesNotContain("Allow-Credentials");
        assertThat(preflight(NAMED, "/v1/streams/" + WORLD.newId() + "/capabilities", APP))
                .contains("\r\nAccess-Control-Allow-Methods: POST, DELETE\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "https://app.example.evil.example",
                "https://app.example:8443",
                "http://app.example",
                "https://APP.example",
                "null",
                "*",
                ""
            })
    void anotherOriginIsToldNothing(String origin) throws Exception {
        assertThat(preflight(NAMED, "/v1/streams", origin))
                .startsWith("HTTP/1.1 401 ")
                .contains("\r\nVary: Origin\r\n")
                .doesNotContain("Access-Control");
    }

    @Test
    void twoOriginsAreNone() throws Exception {
        var both = "Origin: " + APP + "\r\nOrigin: " + APP + "\r\n";

        assertThat(raw(NAMED, "GET", "/v1/streams", both)).doesNotContain("Access-Control");
    }

    @Test
    void byDefaultNobodyIsAllowed() throws Exception {
        assertThat(preflight(NONE, "/v1/streams", APP))
                .startsWith("HTTP/1.1 401 ")
                .doesNotContain("Access-Control", "Vary");
    }

    @Test
    void allOriginsAreAllowedWithoutCredentials() throws Exception {
        assertThat(preflight(ALL, "/v1/streams", "https://any.example"))
                .startsWith("HTTP/1.1 204 ")
                .contains("\r\nAccess-Control-Allow-Origin: *\r\n")
                .doesNotContain("Allow-Credentials", "Vary");
    }

    @Test
    void errorsCanBeReadToo() throws Exception {
        assertThat(raw(NAMED, "GET", "/v1/streams", "Origin: " + APP + "\r\n"))
                .startsWith("HTTP/1.1 401 ")
                .contains("\r\nAccess-Control-Allow-Origin: " + APP + "\r\n")
                .contains(
                        "Access-Control-Expose-Headers: Location, Tidemark-Request-Id, Retry-After,"
                                + " Idempotency-Replayed");
    }

    @Test
    void eventsCanBeRead() throws Exception {
        var writer = WORLD.writer().of("acme").start().complete();
        writer.flush();
        var headers = "Authorization: Bearer " + Tenants.ACME + "\r\nOrigin: " + APP + "\r\n";

        assertThat(raw(NAMED, "GET", Client.events(writer.id, ""), headers))
                .startsWith("HTTP/1.1 200 ")
                .contains("\r\nAccess-Control-Allow-Origin: " + APP + "\r\n")
                .contains("stream.completed");
    }

    @ParameterizedTest
    @CsvSource({"GET,/healthz", "GET,/metrics", "OPTIONS,/healthz"})
    void whatIsNotForPagesIsNotShownToThem(String method, String path) throws Exception {
        assertThat(raw(NAMED, method, path, "Origin: " + APP + "\r\n"))
                .doesNotContain("Access-Control");
    }
}
