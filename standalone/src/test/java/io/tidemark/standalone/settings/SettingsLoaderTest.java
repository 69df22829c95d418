package io.tidemark.standalone.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class SettingsLoaderTest {
    @TempDir private Path directory;

    @Test
    void theLaterSourceWins() throws IOException {
        var file = file("edge:\n  port: 1\n  host: file\ntopics.prefix: file\n");

        var settings =
                SettingsLoader.load(
                        file,
                        Map.of("TIDEMARK_EDGE_PORT", "2", "TIDEMARK_EDGE_HOST", "environment"),
                        List.of("edge.port=3"));

        assertThat(settings.get(EdgeKeys.PORT)).isEqualTo(3);
        assertThat(settings.get(EdgeKeys.HOST)).isEqualTo("environment");
        assertThat(settings.get(Keys.TOPICS_PREFIX)).isEqualTo("file");
    }

    @Test
    void whatNothingSetsHasItsDefault() {
        var settings = load();

        assertThat(settings.get(Keys.TOPICS_PARTITIONS)).isEqualTo(12);
        assertThat(settings.get(EdgeKeys.HEARTBEAT)).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.isSet(EdgeKeys.PORT)).isFalse();
    }

    @Test
    void aRouteForModelsThatNoModelCanHaveIsRefused() {
        refused("routes.small.models=small, " + "x".repeat(257))
                .withMessageContaining("routes.small.models")
                .withMessageContaining("1 to 256 characters");
    }

    @Test
    void aMissingSettingWithoutDefaultIsNamed() {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> load().get(Keys.BOOTSTRAP_SERVERS))
                .withMessageContaining("kafka.bootstrap-servers must be set");
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearestKnownOne() {
        refused("edge.prot=1")
                .withMessageContaining("unknown setting edge.prot, did you mean edge.port?");
        refused("providers.openai.apikey=k")
                .withMessageContaining("did you mean providers.openai.api-key?");
    }

    @Test
    void anUnknownEnvironmentVariableIsRefused() {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() ->
                        SettingsLoader.load(null, Map.of("TIDEMARK_EDGE_PROT", "1"), List.of()))
                .withMessageContaining("TIDEMARK_EDGE_PROT")
                .withMessageContaining("did you mean edge.port?");
    }

    @Test
    void allProblemsAreReportedTogether() {
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(
                        () -> load("edge.port=70000", "nonsense=1", "edge.heartbeat-interval=5"))
                .withMessageContaining(
                        "edge.port must be a whole number from 0 to 65535, was '70000'")
                .withMessageContaining("unknown setting nonsense")
                .withMessageContaining("edge.heartbeat-interval must be a number and a unit");
    }

    @Test
    void partitionsAreRangesWithCommasBetween() {
        var settings =
                load(
                        "edge.partitions=0-2, 5",
                        "edge.partitions-elsewhere=3-4=https://b,6=http://c:1/x");

        assertThat(settings.get(EdgeKeys.PARTITIONS)).containsExactlyInAnyOrder(0, 1, 2, 5);
        assertThat(settings.get(EdgeKeys.PARTITIONS_ELSEWHERE))
                .isEqualTo(
                        Map.of(
                                3, URI.create("https://b"),
                                4, URI.create("https://b"),
                                6, URI.create("http://c:1/x")));
        for (var wrong : List.of("5-2", "x", "1-", "0-99999", "-1")) {
            refused("edge.partitions=" + wrong)
                    .withMessageContaining("edge.partitions must be partitions from 0 to 9999");
        }
        refused("edge.partitions-elsewhere=3").withMessageContaining("such as 6-11=https://edge-b");
        refused("edge.partitions-elsewhere=3=ftp://b").withMessageContaining("must be an http://");
        refused("edge.partitions-elsewhere=3=http://b,2-4=http://c")
                .withMessageContaining("must name one address for a partition, found two for 3");
    }

    @Test
    void aKeyGivenTwiceInOneSourceIsRefused() throws IOException {
        refused("edge.port=1", "edge.port=2").withMessageContaining("edge.port is set twice");
        var file = file("edge.port: 1\nedge:\n  port: 2\n");
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> SettingsLoader.load(file, Map.of(), List.of()))
                .withMessageContaining("edge.port is set twice");
    }

    @Test
    void aFileThatIsNotYamlIsRefusedWithItsLine() throws IOException {
        var file = file("edge:\n  port: [1\n");

        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> SettingsLoader.load(file, Map.of(), List.of()))
                .withMessageContaining("line");
    }

    @Test
    void aSecretIsShownNowhere() {
        var secret = "sk-canary";
        var settings =
                load("providers.openai.api-key=" + secret, "kafka.sasl.jaas.config=" + secret);

        assertThat(settings.toString()).doesNotContain(secret).contains("(hidden)");
        assertThat(settings.find(ProviderKeys.apiKey("openai"))).contains(secret);
        refused("providers.openai.api-key= ")
                .withMessageContaining("providers.openai.api-key must not be blank");
        refused("providers.openai.api-key=sk-canary\u2026")
                .withMessageContaining(
                        "providers.openai.api-key must be printable ASCII without spaces")
                .withMessageNotContaining("canary");
    }

    @Test
    void providersAreNamedByTheirSettings() {
        var settings =
                SettingsLoader.load(
                        null,
                        Map.of("TIDEMARK_PROVIDERS_MY_VENDOR_BASE_URL", "http://localhost:1/v1"),
                        List.of("providers.openai.streams-max=5"));

        assertThat(settings.providerNames()).containsExactly("my-vendor", "openai");
    }

    @Test
    void tenantsAreNamedByTheirKeysWhichAreShownNowhere() {
        var first = "canary-0123456789-abcdefghijklmnop";
        var second = "canary-9876543210-ponmlkjihgfedcba";
        var settings =
                SettingsLoader.load(
                        null,
                        Map.of("TIDEMARK_TENANTS_MY_TEAM_API_KEYS", first),
                        List.of("tenants.acme.api-keys=" + first + ", " + second));

        assertThat(settings.tenantNames()).containsExactly("acme", "my-team");
        assertThat(settings.get(Keys.tenantApiKeys("acme"))).containsExactly(first, second);
        assertThat(settings.toString()).contains("tenants.acme").doesNotContain("canary");
    }

    @Test
    void aKeyOfATenantThatCanBeGuessedIsRefusedWithoutBeingShown() {
        refused("tenants.acme.api-keys=canary-1,canary-2")
                .withMessageContaining("tenants.acme.api-keys must be keys of 32 to 256")
                .withMessageNotContaining("canary");
        refused("tenants.acme.api-key=canary")
                .withMessageContaining("did you mean tenants.acme.api-keys?")
                .withMessageNotContaining("canary");
    }

    @Test
    void keysOfAnIssuerAreAnAddressOrAFile() {
        assertThat(load("edge.jwt-keys=https://id.example/jwks").get(AccessKeys.JWT_KEYS))
                .isEqualTo(URI.create("https://id.example/jwks"));
        assertThat(load("edge.jwt-keys=/etc/jwks.json").get(AccessKeys.JWT_KEYS))
                .isEqualTo(URI.create("file:///etc/jwks.json"));
    }

    @Test
    void settingsOfKafkaPassThrough() {
        var settings = load("kafka.security.protocol=SSL", "kafka.bootstrap-servers=b:1");

        assertThat(settings.kafkaProperties()).isEqualTo(Map.of("security.protocol", "SSL"));
    }

    @Test
    void sizesAndTimesHaveUnits() {
        assertThat(load("edge.body-bytes-max=64KiB").get(EdgeKeys.BODY_MAX)).isEqualTo(65_536);
        assertThat(load("topics.event-retention=2h").get(Keys.EVENT_RETENTION))
                .isEqualTo(Duration.ofHours(2));
    }

    private static Settings load(String... assignments) {
        return SettingsLoader.load(null, Map.of(), List.of(assignments));
    }

    private static ThrowableAssertAlternative<InvalidSettingsException> refused(
            String... assignments) {
        return assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> load(assignments));
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(directory.resolve("tidemark.yaml"), yaml);
    }
}
