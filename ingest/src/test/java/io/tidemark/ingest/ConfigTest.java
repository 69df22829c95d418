package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.Topics;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class ConfigTest {
    private static final Map<String, String> KAFKA =
            Map.of("bootstrap.servers", "localhost:9092", "sasl.jaas.config", "hunter2");
    private static final List<String> APIS = List.of("openai.responses");

    private static ProviderConfig provider(String url) {
        return ProviderConfig.of("openai", APIS, URI.create(url), new Secret("sk-hunter2"));
    }

    @Test
    void printsNoCredentials() {
        var withHeader =
                new ProviderConfig(
                        "openai",
                        APIS,
                        URI.create("https://api.example/v1"),
                        new Secret("sk-hunter2"),
                        Map.of("x-team", "hunter2"),
                        1,
                        UpstreamTimeouts.defaults(),
                        Resilience.defaults());
        var config = IngestConfig.of(KAFKA, Topics.defaults(), "worker-1", List.of(withHeader));

        assertThat(config.toString())
                .doesNotContain("hunter2")
                .contains("x-team", "sasl.jaas.config", "https://api.example/v1");
    }

    @Test
    void namesTheFieldThatIsWrong() {
        assertThatThrownBy(() -> provider("ftp://api.example/v1")).hasMessageContaining("baseUrl");
        assertThatThrownBy(() -> provider("https://me:secret@api.example/v1"))
                .hasMessageContaining("user info")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> new Secret("hunter2\n"))
                .hasMessageContaining("printable")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() ->
                        new UpstreamTimeouts(
                                Duration.ZERO,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1)))
                .hasMessage("connect must be positive, was PT0S");
        assertThatThrownBy(() -> IngestTimings.defaults().withDrain(Duration.ofSeconds(-1)))
                .hasMessageContaining("drain");
        assertThatThrownBy(() -> IngestTimings.defaults().withDisconnectGrace(Duration.ZERO))
                .hasMessage("disconnectGrace must be positive, was PT0S");
        assertThatThrownBy(() -> IngestTimings.defaults().withDisconnectGrace(Duration.ofDays(2)))
                .hasMessage("disconnectGrace must be at most PT24H, was PT48H");
    }

    @Test
    void leasesAreNeverValidForLongerThanACommandMaySay() {
        assertThat(withLeases(Duration.ofHours(8)).leaseValid()).isEqualTo(Lease.VALID_MAX);
        assertThatThrownBy(() -> withLeases(Duration.ofHours(9)))
                .hasMessage("leaseInterval must be at most PT8H, was PT9H");
    }

    private static IngestTimings withLeases(Duration interval) {
        var timings = IngestTimings.defaults();
        return new IngestTimings(
                timings.start(),
                interval,
                timings.commitInterval(),
                timings.delivery(),
                timings.drain(),
                timings.revoke(),
                timings.session(),
                timings.clockSkew(),
                timings.retry(),
                timings.disconnectGrace());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "connection", "content-length", "Expect", "upgrade"})
    void refusesHeadersThatTheClientSetsItself(String header) {
        assertThatThrownBy(() ->
                        new ProviderConfig(
                                "openai",
                                APIS,
                                URI.create("https://api.example/v1"),
                                null,
                                Map.of(header, "hunter2"),
                                1,
                                UpstreamTimeouts.defaults(),
                                Resilience.defaults()))
                .hasMessageContaining(header)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void refusesFramesLargerThanAnEventCanBe() {
        var limits = IngestLimits.defaults();

        assertThatThrownBy(() ->
                        new IngestLimits(
                                limits.streamsMax(),
                                limits.eventBytesMax(),
                                IngestLimits.FRAME_BYTES_CEILING + 1,
                                limits.errorBodyBytesMax(),
                                limits.idsRememberedMax(),
                                limits.backlogStreamsMax(),
                                limits.takeoversMax(),
                                limits.response()))
                .hasMessageContaining("frameBytesMax");
    }

    @Test
    void refusesTwoProvidersOfOneName() {
        var one = provider("https://api.example/v1");

        assertThatThrownBy(() -> IngestConfig.of(KAFKA, Topics.defaults(), "w", List.of(one, one)))
                .hasMessageContaining("openai more than once");
        assertThatThrownBy(() -> IngestConfig.of(Map.of(), Topics.defaults(), "w", List.of(one)))
                .hasMessageContaining("bootstrap.servers");
    }
}
