package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.edge.TimeoutsConfig;
import io.tidemark.ingest.IngestWorker;
import io.tidemark.standalone.settings.EdgeKeys;
import io.tidemark.standalone.settings.InvalidSettingsException;
import io.tidemark.standalone.settings.Key;
import io.tidemark.standalone.settings.Keys;
import io.tidemark.standalone.settings.Settings;
import io.tidemark.standalone.settings.SettingsLoader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The manifests are what Kubernetes takes, and say what the roles are. */
class ManifestsTest {
    private static final List<String> ROLES = List.of("ingest", "projector", "edge");
    private static final String TEMPLATE = "secret.yaml.template";
    /* What is closed when everybody has left. */
    private static final Duration CLOSES_MAX = Duration.ofSeconds(15);

    @Test
    void everyObjectIsWhatKubernetesTakes() throws IOException {
        var objects =
                Stream.concat(
                                Manifests.all().stream(),
                                Manifests.read(Manifests.DIRECTORY.resolve(TEMPLATE)).stream())
                        .toList();

        assertThat(objects).hasSizeGreaterThan(10);
        for (var object : objects) {
            assertThat(Manifests.problem(object)).as(name(object)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/spec/template/spec/containers/0; livenesProbe; {}",
                "/spec/template/spec; terminationGracePeriodSecond; 5",
                "/spec/template/spec/containers/0/readinessProbe/httpGet; prot; 1",
                "/spec/template/spec/containers/0/securityContext/capabilities; drops; []",
                "/spec; replicas; \"three\"",
                "/spec/template/spec/containers/0/env/0; value; 8080",
                "/spec/template/spec/containers/0/resources/requests; cpu; \"a lot\"",
            })
    void aSlipIsFound(String where, String field, String value) throws IOException {
        JsonNode workload = Manifests.workload("edge").deepCopy();
        ((ObjectNode) workload.at(where)).set(field, new ObjectMapper().readTree(value));

        assertThat(Manifests.problem(workload)).isPresent();
    }

    @Test
    void whatMustBeThereIsMissed() throws IOException {
        JsonNode workload = Manifests.workload("ingest").deepCopy();
        ((ObjectNode) workload.path("spec")).remove("selector");

        assertThat(Manifests.problem(workload).orElseThrow()).contains("selector");
    }

    @Test
    void objectsAreOfNoNamespaceAndHaveNamesOfTheirOwn() throws IOException {
        var names = Manifests.all().stream().map(ManifestsTest::name).toList();

        assertThat(names).doesNotHaveDuplicates();
        assertThat(Manifests.all())
                .allSatisfy(object ->
                        assertThat(object.at("/metadata/namespace").isMissingNode()).isTrue());
    }

    private static String name(JsonNode object) {
        return object.path("kind").asText() + " " + object.at("/metadata/name").asText();
    }

    @Test
    void eachRoleRunsWithTheLeastItNeeds() throws IOException {
        for (var workload : Manifests.workloads()) {
            var pod = Manifests.pod(workload);
            var container = Manifests.container(workload);
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/runAsUser").asInt()).isPositive();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText())
                    .isEqualTo("RuntimeDefault");
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                    .isTrue();
            assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(container.at("/securityContext/capabilities/drop/0").asText())
                    .isEqualTo("ALL");
            assertThat(container.at("/resources/limits/memory").isTextual()).isTrue();
        }
    }

    @Test
    void kubernetesSetsNoSettingsOfItsOwn() throws IOException {
        assertThat(Manifests.workloads())
                .as("TIDEMARK_EDGE_PORT=tcp://… would be a setting")
                .allSatisfy(workload ->
                        assertThat(
                                        Manifests.pod(workload)
                                                .path("enableServiceLinks")
                                                .asBoolean(true))
                                .isFalse());
        assertThatThrownBy(() -> load(Map.of("TIDEMARK_EDGE_PORT", "tcp://10.0.0.1:80")))
                .isInstanceOf(InvalidSettingsException.class);
    }

    @Test
    void everyCommandThatIsRunIsThereAndTakesItsSettings() throws IOException {
        var commands = new CommandLine(new Tidemark(new FakeEnvironment()));

        assertThat(Manifests.workloads())
                .hasSize(4)
                .allSatisfy(workload -> {
                    assertThat(commands.getSubcommands()).containsKey(Manifests.role(workload));
                    assertThat(settings(workload).get(Keys.BOOTSTRAP_SERVERS))
                            .isEqualTo("kafka:9092");
                });
    }

    private record FakeEnvironment() implements Host {
        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public int runUntilStopped(ShutdownStack stack) {
            throw new UnsupportedOperationException("nothing is run");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "projector", "edge"})
    void probesAskWhereTheRoleAnswers(String role) throws IOException {
        var workload = Manifests.workload(role);
        var container = Manifests.container(workload);
        var settings = settings(workload);

        var port = container.at("/ports/0");
        assertThat(port.path("containerPort").asInt()).isEqualTo(settings.get(port(role)));
        assertThat(settings.get(host(role))).isEqualTo("0.0.0.0");
        for (var probe :
                Map.of("startup", "/healthz", "liveness", "/healthz", "readiness", "/readyz")
                        .entrySet()) {
            var get = container.path(probe.getKey() + "Probe").path("httpGet");
            assertThat(get.path("path").asText()).isEqualTo(probe.getValue());
            assertThat(get.path("port").asText()).isEqualTo(port.path("name").asText());
        }
        var scraped = workload.at("/spec/template/metadata/annotations");
        assertThat(scraped.path("prometheus.io/port").asText())
                .isEqualTo(port.path("containerPort").asText());
        assertThat(scraped.path("prometheus.io/path").asText()).isEqualTo("/metrics");
    }

    private static Key<Integer> port(String role) {
        return switch (role) {
            case "ingest" -> Keys.INGEST_PORT;
            case "projector" -> Keys.PROJECTOR_PORT;
            default -> EdgeKeys.PORT;
        };
    }

    private static Key<String> host(String role) {
        return switch (role) {
            case "ingest" -> Keys.INGEST_HOST;
            case "projector" -> Keys.PROJECTOR_HOST;
            default -> EdgeKeys.HOST;
        };
    }

    @Test
    void nothingIsKilledBeforeItHasDrained() throws IOException {
        var ingest = Manifests.workload("ingest");
        var drains = settings(ingest).get(Keys.INGEST_DRAIN);
        assertThat(grace(ingest)).isGreaterThan(drains.plus(IngestWorker.CLOSE_BEYOND_DRAIN_MAX));

        /* Readers, then other requests; and before that the sleep, which counts. */
        var edge = Manifests.workload("edge");
        var sleep = Manifests.container(edge).at("/lifecycle/preStop/sleep/seconds").asInt();
        assertThat(grace(edge))
                .isGreaterThan(
                        TimeoutsConfig.defaults()
                                .drain()
                                .multipliedBy(2)
                                .plus(Duration.ofSeconds(sleep))
                                .plus(CLOSES_MAX));

        /* Ten seconds of its own, and what it does when it goes over to other results. */
        assertThat(grace(Manifests.workload("projector")))
                .isGreaterThan(CLOSES_MAX.multipliedBy(3));
    }

    private static Duration grace(JsonNode workload) {
        return Duration.ofSeconds(
                Manifests.pod(workload).path("terminationGracePeriodSeconds").asLong());
    }

    @Test
    void everyRoleHasABudgetAndItsPodsAreSpread() throws IOException {
        for (var role : ROLES) {
            var labels = Manifests.workload(role).at("/spec/template/metadata/labels");
            assertThat(selected("PodDisruptionBudget", "/spec/selector/matchLabels", labels))
                    .as(role)
                    .isTrue();
            assertThat(selected("Service", "/spec/selector", labels)).as(role).isTrue();
            var spread = Manifests.pod(Manifests.workload(role)).path("topologySpreadConstraints");
            assertThat(spread)
                    .hasSize(2)
                    .allSatisfy(constraint ->
                            assertThat(
                                            contains(
                                                    labels,
                                                    constraint.at("/labelSelector/matchLabels")))
                                    .isTrue());
            assertThat(contains(labels, Manifests.workload(role).at("/spec/selector/matchLabels")))
                    .isTrue();
        }
    }

    private static boolean selected(String kind, String selector, JsonNode labels)
            throws IOException {
        return Manifests.all().stream()
                .filter(it -> it.path("kind").asText().equals(kind))
                .anyMatch(it -> contains(labels, it.at(selector)));
    }

    private static boolean contains(JsonNode labels, JsonNode selector) {
        return !selector.isEmpty()
                && selector.properties().stream()
                        .allMatch(it -> labels.path(it.getKey()).equals(it.getValue()));
    }

    @Test
    void edgesKnowEveryProjectorByTheNameThatItHas() throws IOException {
        var projector = Manifests.workload("projector");
        var name = projector.at("/metadata/name").asText();
        var service = projector.at("/spec/serviceName").asText();
        int port = settings(projector).get(Keys.PROJECTOR_PORT);

        var addresses =
                settings(Manifests.workload("edge")).get(EdgeKeys.PROJECTOR_URL).stream()
                        .map(Object::toString)
                        .toList();

        assertThat(addresses).hasSize(projector.at("/spec/replicas").asInt());
        for (int i = 0; i < addresses.size(); i++) {
            assertThat(addresses.get(i))
                    .isEqualTo("http://%s-%d.%s:%d".formatted(name, i, service, port));
        }
        assertThat(settings(projector).get(Keys.PROJECTOR_ADVERTISED_ADDRESS))
                .isEqualTo("POD." + service + ":" + port);
    }

    @Test
    void namesAreTheSameAfterARestart() throws IOException {
        assertThat(settings(Manifests.workload("ingest")).get(Keys.INGEST_WORKER_ID))
                .isEqualTo("POD");
        assertThat(settings(Manifests.workload("projector")).get(Keys.PROJECTOR_INSTANCE_ID))
                .isEqualTo("POD");
        for (var role : List.of("ingest", "projector")) {
            assertThat(Manifests.workload(role).path("kind").asText()).isEqualTo("StatefulSet");
        }
    }

    @Test
    void theStateOfAProjectorIsOnItsVolume() throws IOException {
        var projector = Manifests.workload("projector");
        var mounts =
                StreamSupport.stream(
                                Manifests.container(projector).path("volumeMounts").spliterator(),
                                false)
                        .collect(
                                Collectors.toMap(
                                        it -> it.path("name").asText(),
                                        it -> it.path("mountPath").asText()));

        var claim = projector.at("/spec/volumeClaimTemplates/0/metadata/name").asText();
        assertThat(settings(projector).get(Keys.DATA_DIR)).hasToString(mounts.get(claim));
    }

    @Test
    void aSecretThatWasNotFilledInStartsNothing() throws IOException {
        for (var secret : Manifests.read(Manifests.DIRECTORY.resolve(TEMPLATE))) {
            for (var entry : secret.path("stringData").properties()) {
                var value = entry.getValue().asText();
                assertThatThrownBy(() -> load(Map.of(entry.getKey(), value)))
                        .as(entry.getKey())
                        .isInstanceOf(InvalidSettingsException.class)
                        .hasMessageContaining("must");
            }
        }
    }

    @Test
    void everySecretThatIsUsedHasATemplateAndIsAppliedByNobodyElse() throws IOException {
        var templates =
                Manifests.read(Manifests.DIRECTORY.resolve(TEMPLATE)).stream()
                        .map(it -> it.at("/metadata/name").asText())
                        .toList();
        var used =
                Manifests.workloads().stream()
                        .flatMap(it -> stream(Manifests.container(it).path("envFrom")))
                        .filter(it -> it.has("secretRef"))
                        .map(it -> it.at("/secretRef/name").asText())
                        .toList();

        assertThat(templates).containsExactlyInAnyOrderElementsOf(used);
        assertThat(Manifests.all()).noneMatch(it -> it.path("kind").asText().equals("Secret"));
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** The settings of a role as its container gives them, secrets aside; its pod is called POD. */
    private static Settings settings(JsonNode workload) throws IOException {
        var environment = new LinkedHashMap<String, String>();
        for (var source : Manifests.container(workload).path("envFrom")) {
            if (source.has("configMapRef")) {
                var data = configMap(source.at("/configMapRef/name").asText()).path("data");
                data.properties()
                        .forEach(it -> environment.put(it.getKey(), it.getValue().asText()));
            }
        }
        for (var variable : Manifests.container(workload).path("env")) {
            var pod = variable.at("/valueFrom/fieldRef/fieldPath").asText().equals("metadata.name");
            var value = pod ? "POD" : variable.path("value").asText();
            environment.put(
                    variable.path("name").asText(),
                    value.replace("$(POD_NAME)", podName(environment)));
        }
        return load(environment);
    }

    private static String podName(Map<String, String> environment) {
        return environment.getOrDefault("POD_NAME", "unset");
    }

    private static JsonNode configMap(String name) throws IOException {
        return Manifests.all().stream()
                .filter(it -> it.path("kind").asText().equals("ConfigMap"))
                .filter(it -> it.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Settings load(Map<String, String> environment) {
        return SettingsLoader.load(null, environment, List.of());
    }
}
