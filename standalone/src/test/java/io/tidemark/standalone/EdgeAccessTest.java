package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Settings of who may ask that keep an edge from starting, before it looks for Kafka. */
class EdgeAccessTest {
    private static final String KEY = "canary-0123456789-abcdefghijklmnop";

    private final StringWriter err = new StringWriter();

    private int edge(String... settings) {
        var arguments =
                new ArrayList<>(List.of("edge", "--set", "kafka.bootstrap-servers=127.0.0.1:1"));
        for (var setting : settings) {
            arguments.add("--set");
            arguments.add(setting);
        }
        return Tidemark.commandLine(new NoHost())
                .setOut(new PrintWriter(new StringWriter(), true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }

    @Test
    void anEdgeThatOthersReachIsToldWhoTheyAreOrThatItDoesNotMatter() {
        assertThat(edge("edge.host=0.0.0.0")).isEqualTo(1);
        assertThat(err.toString())
                .contains("tidemark: edge cannot start: edge.host is 0.0.0.0, which others reach")
                .contains("tenants.<name>.api-keys", "edge.allow-anonymous=true")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tenants.acme.api-keys=" + KEY + "|edge.capability-keys must be set",
                "edge.jwt-issuer=https://id.example|edge.jwt-audience must be set",
                "edge.jwt-keys=https://id.example/jwks|edge.jwt-issuer must be set",
                "edge.capability-keys=short|edge.capability-keys must be keys of 32 to 256",
                "edge.cors-origins=app.example|edge.cors-origins must be * or origins",
                "edge.allow-anonymous=yes|edge.allow-anonymous must be true or false",
                "edge.tls-key=/nowhere/tls.key|edge.tls-certificate must be set"
            })
    void whatIsMissingOrWrongIsNamed(String setting, String problem) {
        assertThat(edge(setting)).isEqualTo(2);
        assertThat(err.toString()).contains(problem).doesNotContain("canary", "was 'short'");
    }

    @Test
    void nobodyIsAnonymousBesideTenants() {
        assertThat(
                        edge(
                                "tenants.acme.api-keys=" + KEY,
                                "edge.capability-keys=" + KEY,
                                "edge.allow-anonymous=true"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("edge.allow-anonymous must not be true");
    }

    @Test
    void aLifetimeHasItsLimits() {
        assertThat(edge("edge.capability-keys=" + KEY, "edge.capability-lifetime=8d")).isEqualTo(2);
        assertThat(err.toString()).contains("edge.capability-lifetime must be PT1S to PT168H");
    }

    private static final class NoHost implements Host {
        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public int runUntilStopped(ShutdownStack stack) {
            stack.close();
            return 0;
        }
    }
}
