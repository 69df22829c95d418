package io.tidemark.edge;

import static io.tidemark.edge.Client.json;
import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.edge.internal.access.Issuer;
import io.tidemark.schemas.Command;
import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Callers with a web token, and an issuer that changes its keys or cannot be reached. */
@RunsOnKafka
class JwtIT {
    private static final Issuer FIRST = new Issuer("-1");
    private static final Issuer SECOND = new Issuer("-2");

    @TempDir private Path directory;
    private final World world = new World();
    private final JwksServer issuer = new JwksServer(FIRST.jwks());
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    @AfterEach
    void close() {
        issuer.close();
        world.close();
    }

    private Edge edge(URI keys) {
        var access =
                new AccessConfig(
                        Map.of("globex", List.of(Tenants.GLOBEX)),
                        new AccessConfig.Jwt(Issuer.NAME, Issuer.AUDIENCE, keys, "tenant"),
                        new AccessConfig.Capabilities(
                                List.of(Tenants.SIGNING), Duration.ofHours(1)),
                        List.of(),
                        false);
        return world.edge(world.config().with(access), () -> Instant.now().plus(ahead.get()));
    }

    private static HttpResponse<String> ask(Edge edge, Issuer by) throws Exception {
        var token = by.rs256(Issuer.claims("acme", Instant.now()).build());
        try (var client = new Client(edge, token)) {
            return client.post("/v1/streams", Client.START);
        }
    }

    @Test
    void aTokenStartsStreamsOfItsTenantAndAKeyStillDoes() throws Exception {
        var edge = edge(issuer.address());

        assertThat(ask(edge, FIRST).statusCode()).isEqualTo(201);
        try (var client = new Client(edge, Tenants.GLOBEX)) {
            assertThat(client.post("/v1/streams", Client.START).statusCode()).isEqualTo(201);
        }

        assertThat(world.commands())
                .extracting(command -> ((Command.Start) command).tenant())
                .containsExactlyInAnyOrder("acme", "globex");
    }

    @Test
    void aStrangersTokenIsRefusedInTheSameWords() throws Exception {
        var edge = edge(issuer.address());
        try (var nobody = new Client(edge)) {
            var refused = ask(edge, SECOND);

            problem(refused, 401, "unauthorized");
            assertThat(refused.body()).isEqualTo(nobody.post("/v1/streams", Client.START).body());
        }
    }

    @Test
    void aNewKeyIsFoundByItsNameButNotAskedForAtWill() throws Exception {
        var edge = edge(issuer.address());
        issuer.set = SECOND.jwks();

        for (int i = 0; i < 20; i++) {
            assertThat(ask(edge, SECOND).statusCode()).isEqualTo(401);
        }
        assertThat(issuer.asked).hasValue(1);

        ahead.set(Duration.ofSeconds(11));
        assertThat(ask(edge, SECOND).statusCode()).isEqualTo(201);
        assertThat(ask(edge, FIRST).statusCode()).isEqualTo(401);
        assertThat(issuer.asked).hasValue(2);
    }

    @Test
    void anIssuerThatFailsLeavesTheLastGoodKeysInUse() throws Exception {
        var edge = edge(issuer.address());
        for (var bad : List.of("", "{}", "{\"keys\":[]}", "x".repeat(300_000))) {
            issuer.set = bad;
            ahead.set(ahead.get().plusSeconds(11));
            assertThat(ask(edge, SECOND).statusCode()).isEqualTo(401);
            assertThat(ask(edge, FIRST).statusCode()).isEqualTo(201);
        }
        issuer.set = SECOND.jwks();
        issuer.status = 500;
        ahead.set(ahead.get().plusSeconds(11));
        assertThat(ask(edge, SECOND).statusCode()).isEqualTo(401);
        assertThat(ask(edge, FIRST).statusCode()).isEqualTo(201);
        assertThat(issuer.asked).hasValue(6);
    }

    @Test
    void anIssuerThatIsNotThereAtStartIsAskedLater() throws Exception {
        issuer.status = 503;
        var edge = edge(issuer.address());
        assertThat(ask(edge, FIRST).statusCode()).isEqualTo(401);

        issuer.status = 200;
        ahead.set(Duration.ofSeconds(11));

        assertThat(ask(edge, FIRST).statusCode()).isEqualTo(201);
    }

    @Test
    void keysComeFromAFileThatMayBeReplaced() throws Exception {
        var file = directory.resolve("jwks.json");
        assertThatThrownBy(() -> edge(file.toUri()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jwks.json");
        Files.writeString(file, FIRST.jwks());
        var edge = edge(file.toUri());
        assertThat(ask(edge, FIRST).statusCode()).isEqualTo(201);

        Files.writeString(file, SECOND.jwks());
        ahead.set(Duration.ofSeconds(11));

        assertThat(json(ask(edge, SECOND)).path("eventsUrl").asText()).contains("?token=");
    }
}
