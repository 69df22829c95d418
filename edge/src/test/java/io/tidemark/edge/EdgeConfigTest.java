package io.tidemark.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schemas.Topics;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class EdgeConfigTest {
    private static final EdgeConfig.Provider PROVIDER =
            new EdgeConfig.Provider("openai", List.of("openai.responses"));
    private static final URI PROJECTOR = URI.create("http://127.0.0.1:1");

    @Test
    void messagesNameTheSettingAndTheValue() {
        assertThatThrownBy(() -> new ListenConfig("a", 70_000, 0, false))
                .hasMessage("port must be 0 to 65535, was 70000");
        assertThatThrownBy(() -> new LimitsConfig(1, 1, 256, 20, 20))
                .hasMessage("connectionsMax must be 21 to 1000000, was 20");
        assertThatThrownBy(() -> new LimitsConfig(9, 8, 256, 20, 10))
                .hasMessageContaining("bodiesBytesMax must be 9 to");
        assertThatThrownBy(() -> new WindowConfig(0, 1)).hasMessageContaining("bytesMax");
        assertThatThrownBy(() -> new StreamingConfig(Duration.ZERO, Duration.ZERO, Duration.ZERO))
                .hasMessageContaining("heartbeat");
        assertThatThrownBy(() -> StreamingConfig.defaults().withPresence(Duration.ofSeconds(11)))
                .hasMessage("presence must be PT0.01S to PT10S, was PT11S");
        assertThatThrownBy(() -> config(Map.of(), List.of(PROVIDER)))
                .hasMessageContaining("bootstrap.servers");
        assertThatThrownBy(() -> config(Map.of("bootstrap.servers", "a"), List.of()))
                .hasMessageContaining("providers");
        assertThatThrownBy(
                        () -> config(Map.of("bootstrap.servers", "a"), List.of(PROVIDER, PROVIDER)))
                .hasMessageContaining("openai");
    }

    @Test
    void projectorsAreOneToSixteenAddresses() {
        var config = config(Map.of("bootstrap.servers", "a"), List.of(PROVIDER));
        assertThat(config.withProjectors(List.of(PROJECTOR, PROJECTOR)).projectors()).hasSize(2);
        assertThatThrownBy(() -> config.withProjectors(List.of()))
                .hasMessage("projectors must be 1 to 16 addresses, were 0");
        assertThatThrownBy(() -> config.withProjectors(List.of(URI.create("ftp://a"))))
                .hasMessage("projectors must be http or https addresses, one was ftp://a");
    }

    @Test
    void keysThatCanBeGuessedOrCannotBeSentAreRefusedWithoutBeingShown() {
        assertThatThrownBy(() -> keys("acme", "short-0123456789"))
                .hasMessageStartingWith("tenants.acme.api-keys must be keys of 32 to 256")
                .hasMessageEndingWith("one has 16")
                .hasMessageNotContaining("short");
        assertThatThrownBy(() -> keys("acme", "0123456789abcdefghijklmnop qrstuvwxyz"))
                .hasMessageEndingWith("one has another character")
                .hasMessageNotContaining("0123");
        assertThatThrownBy(() -> keys("acme", "abc".repeat(20)))
                .hasMessageContaining("fewer than 8 different characters")
                .hasMessageNotContaining("abcabc");
        assertThatThrownBy(() -> keys("acme")).hasMessageContaining("must have a key");
        assertThatThrownBy(() -> keys("ac me", Tenants.ACME)).hasMessageContaining("tenant's name");
        assertThatThrownBy(() -> keys("acme", Tenants.ACME, Tenants.ACME))
                .hasMessageContaining("given twice")
                .hasMessageNotContaining(Tenants.ACME);
    }

    @Test
    void nobodyIsAnonymousWhereAuthenticationIsConfigured() {
        assertThatThrownBy(() ->
                        new AccessConfig(
                                Map.of("acme", List.of(Tenants.ACME)), null, null, List.of(), true))
                .hasMessageContaining("edge.allow-anonymous");
    }

    private static AccessConfig keys(String tenant, String... keys) {
        return new AccessConfig(Map.of(tenant, List.of(keys)), null, null, List.of(), false);
    }

    @Test
    void linksAreSignedWhereAuthenticationIsConfigured() {
        assertThatThrownBy(() -> keys("acme", Tenants.ACME))
                .hasMessageStartingWith("edge.capability-keys must be set");
        assertThatThrownBy(() -> capabilities(Duration.ofHours(1), "weak-key"))
                .hasMessageStartingWith("edge.capability-keys must be keys of 32 to 256")
                .hasMessageNotContaining("weak");
        assertThatThrownBy(() -> capabilities(Duration.ofDays(8), Tenants.SIGNING))
                .hasMessage("edge.capability-lifetime must be PT1S to PT168H, was PT192H");
    }

    @Test
    void keysOfAnIssuerComeFromWhereNobodyCanPutOthers() {
        assertThat(jwt("https://id.example/jwks").keys()).hasScheme("https");
        assertThat(jwt("http://127.0.0.1:1/jwks").keys()).hasScheme("http");
        assertThat(jwt("file:///etc/jwks.json").keys()).hasScheme("file");
        for (var other :
                List.of(
                        "http://id.example/jwks",
                        "http://127.evil.example/",
                        "jwks",
                        "ftp://a/b")) {
            assertThatThrownBy(() -> jwt(other))
                    .as(other)
                    .hasMessageStartingWith("edge.jwt-keys must be");
        }
    }

    @Test
    void originsAreSpelledAsBrowsersDo() {
        var good =
                List.of("*", "https://app.example", "http://localhost:3000", "http://[::1]:8080");
        assertThat(AccessConfig.none().withCorsOrigins(good).corsOrigins()).isEqualTo(good);
        for (var bad :
                List.of(
                        "null",
                        "app.example",
                        "https://app.example/",
                        "https://App.example",
                        "https://*.example",
                        "https://app.example:443",
                        "https://user@app.example")) {
            assertThatThrownBy(() -> AccessConfig.none().withCorsOrigins(List.of(bad)))
                    .as(bad)
                    .hasMessageStartingWith("edge.cors-origins must be")
                    .hasMessageEndingWith(bad);
        }
    }

    private static AccessConfig.Jwt jwt(String keys) {
        return new AccessConfig.Jwt("https://id.example", "tidemark", URI.create(keys), "tenant");
    }

    private static AccessConfig.Capabilities capabilities(Duration lifetime, String... keys) {
        return new AccessConfig.Capabilities(List.of(keys), lifetime);
    }

    @Test
    void keysAreNotPrinted() {
        assertThat(Tenants.access().toString())
                .contains("acme", "globex")
                .doesNotContain(Tenants.ACME, Tenants.ACME_NEXT, Tenants.GLOBEX, Tenants.SIGNING);
    }

    @Test
    void credentialsAreNotPrinted() {
        var config =
                config(
                        Map.of("bootstrap.servers", "a", "sasl.jaas.config", "password=hunter2"),
                        List.of(PROVIDER));
        assertThat(config.toString()).doesNotContain("hunter2");
    }

    private static EdgeConfig config(
            Map<String, String> kafka, List<EdgeConfig.Provider> providers) {
        return EdgeConfig.of(kafka, Topics.defaults(), providers, PROJECTOR);
    }
}
