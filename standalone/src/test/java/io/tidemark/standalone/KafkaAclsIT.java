package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;
import io.tidemark.schemas.KafkaRole;
import io.tidemark.schemas.Right;
import io.tidemark.standalone.settings.SettingsLoader;
import io.tidemark.testkit.HasOwnKafka;

import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Every role as a user of its own, with exactly the ACLs of its list: with all of them it does its
 * whole job, and without one of them it says so. The job comes first, since what follows takes
 * rights away.
 */
@HasOwnKafka(because = "it has users and ACLs")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class KafkaAclsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int GROWN = 3;
    private static final String PREFIX = "team-a.chat";
    private static final String KEY = "acme-key-0123456789abcdefghijklmnopqrstuvwxyz";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir private static Path data;

    private static final ShutdownStack STACK = new ShutdownStack();
    private static GuardedKafka kafka;
    private static List<String> common;
    private static ProviderSimulator simulator;

    @BeforeAll
    static void start() throws Exception {
        kafka =
                STACK.push(
                        "kafka",
                        GuardedKafka.scram(
                                data,
                                1,
                                Map.of(
                                        "authorizer.class.name",
                                        RecordingAuthorizer.class.getName())));
        simulator =
                STACK.push("simulator", ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT));
        var master = data.resolve("m1.key");
        var bytes = new byte[32];
        new Random(1).nextBytes(bytes);
        Files.write(master, bytes);
        common =
                List.of(
                        "topics.prefix=" + PREFIX,
                        "topics.partitions=1",
                        "tenants.acme.api-keys=" + KEY,
                        "edge.capability-keys=capability-0123456789abcdefghijklmnopqrstuv",
                        "encryption.master-keys.m1=" + master,
                        "encryption.master-key=m1",
                        "kafka.repartition.purge.interval.ms=1000",
                        "providers.openai.base-url=" + simulator.baseUrl());
        for (var role : KafkaRole.values()) {
            kafka.allow(role, common);
        }
    }

    @AfterAll
    static void stop() {
        STACK.close();
    }

    private static Roles roles(KafkaRole role, String... more) {
        var settings = kafka.settings(role.word(), with(more));
        return new Roles(settings, Roles.bootstrapServers(settings));
    }

    private static String[] with(String... more) {
        var all = new ArrayList<>(common);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    @Order(1)
    void withItsListEachRoleDoesItsWholeJobAndNeedsAllOfTheList() throws Exception {
        assertRun(KafkaRole.TOPICS, "topics");
        try (var stack = new ShutdownStack();
                var first = new ShutdownStack()) {
            startWorker(first);
            var edge = startRoles(stack);
            useEverything(edge);
            audit();
            setAside(1); // no command, which an audit would find
            takeOver(edge, first, stack);
            setAside(2);
        }
        addPartitions(); // once there are topics of the projector's own
        assertThat(KafkaRole.values())
                .allSatisfy(role -> assertThat(unused(role)).as("unused by %s", role).isEmpty());
    }

    private static void addPartitions() {
        var said =
                kafka.run(
                        KafkaRole.TOPICS.word(),
                        managed(),
                        "topics",
                        "--add-partitions",
                        Integer.toString(GROWN));
        assertThat(said.exitCode()).as(said.err()).isZero();
    }

    private static List<String> managed() {
        return List.of(with("topics.management=manage", "topics.event-retention=6d"));
    }

    private static URI startRoles(ShutdownStack stack) {
        var projector = roles(KafkaRole.PROJECTOR).projector(stack, "p", 0);
        Roles.awaitReady(projector);
        var providers = Providers.of(kafka.settings("edge", with()));
        return roles(KafkaRole.EDGE).edge(stack, providers, List.of(projector.address()), 0);
    }

    private static void useEverything(URI edge) throws Exception {
        var streams = new TenantStreams(edge, HTTP, KEY);
        var id = startTwiceWithOneKey(edge);
        assertThat(streams.events(id).getLast()).contains("stream.completed");
        assertThat(ask(edge, "GET", "/v1/streams/" + neverStarted(id) + "/events").statusCode())
                .isEqualTo(404);
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(ask(edge, "GET", "/v1/streams/" + id).body())
                                .contains("\"status\":\"completed\""));
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(ask(edge, "GET", "/v1/streams").body()).contains(id));
        assertThat(ask(edge, "DELETE", "/v1/streams/" + id + "/capabilities").statusCode())
                .isEqualTo(204);
        assertThat(ask(edge, "DELETE", "/v1/streams/" + id).statusCode()).isEqualTo(204);
        assertThat(ask(edge, "GET", "/v1/streams/" + id).statusCode()).isEqualTo(410);
        var kept = streams.ask("sim-answer");
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(ask(edge, "GET", "/v1/streams/" + kept).body())
                                .contains("\"status\":\"completed\""));
        await().atMost(LONG)
                .until(() ->
                        unused(KafkaRole.PROJECTOR).stream()
                                .noneMatch(it -> it.operation() == AclOperation.DELETE));
    }

    /* Of the same time: the edge looks for its events, and then for a command. */
    private static String neverStarted(String id) {
        return id.substring(0, id.length() - 1) + (id.endsWith("0") ? "1" : "0");
    }

    private static String startTwiceWithOneKey(URI edge) throws Exception {
        var body = JSON.createObjectNode().put("api", "openai.responses");
        body.set("request", TestSystem.request("sim-answer", Map.of()));
        var request =
                HttpRequest.newBuilder(edge.resolve("/v1/streams"))
                        .header("Authorization", "Bearer " + KEY)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "order-17")
                        .POST(BodyPublishers.ofString(body.toString()))
                        .build();
        var first = HTTP.send(request, BodyHandlers.ofString());
        assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
        var again = HTTP.send(request, BodyHandlers.ofString());
        assertThat(id(again)).isEqualTo(id(first));
        return id(first);
    }

    private static String id(HttpResponse<String> answer) throws Exception {
        JsonNode json = JSON.readTree(answer.body());
        return json.path("requestId").asText();
    }

    /* What is no command goes to the dead letters, after a look at what is there. */
    private static void setAside(int letters) throws Exception {
        var bytes = new ByteArraySerializer();
        try (var producer = new KafkaProducer<>(kafka.client(GuardedKafka.ADMIN), bytes, bytes)) {
            producer.send(new ProducerRecord<>(PREFIX + ".commands", 0, new byte[1], new byte[1]))
                    .get();
        }
        var topic = new TopicPartition(PREFIX + ".dead-letters", 0);
        await().atMost(LONG)
                .until(() ->
                        kafka.admin()
                                        .listOffsets(Map.of(topic, OffsetSpec.latest()))
                                        .partitionResult(topic)
                                        .get()
                                        .offset()
                                == letters);
    }

    /* What was asked for while there was no worker the next one looks for in the log first. */
    private static void takeOver(URI edge, ShutdownStack leaving, ShutdownStack staying)
            throws Exception {
        var streams = new TenantStreams(edge, HTTP, KEY);
        streams.ask("sim-answer");
        leaving.close();
        var id = streams.start("sim-answer", Map.of());
        startWorker(staying);
        assertThat(streams.events(id).getLast()).contains("stream.completed");
    }

    private static void audit() {
        rebuild(); // so that there is more than one generation to know of
        assertRun(KafkaRole.VERIFY, "verify");
        assertRun(KafkaRole.REPLAY, "replay", "--since", "1h");
        for (var topic : List.of("events", "responses", "usage", "rollups")) {
            assertRun(KafkaRole.EXPORT, export(topic));
        }
        rebuild();
        assertRun(KafkaRole.VERIFY, "verify");
    }

    private static void rebuild() {
        assertRun(KafkaRole.REBUILD, "projector", "--rebuild");
    }

    private static String[] export(String topic) {
        var file = data.resolve(topic + ".ndjson").toString();
        return new String[] {"export", "--topic", topic, "--format", "ndjson", "--out", file};
    }

    private static void assertRun(KafkaRole role, String... command) {
        var said = kafka.run(role.word(), common, command);
        assertThat(said.exitCode()).as("%s: %s%s", role, said.out(), said.err()).isZero();
    }

    /* What the brokers never asked for while the role did its job. */
    private static List<Right> unused(KafkaRole role) {
        return Roles.rights(role, kafka.settings(role.word(), with())).stream()
                .filter(right ->
                        RecordingAuthorizer.ALLOWED.stream()
                                .noneMatch(use ->
                                        use.user().equals(role.word())
                                                && use.operation() == right.operation()
                                                && right.allows(
                                                        use.type(), use.name(), use.operation())))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(KafkaRole.class)
    @Order(2)
    void withoutOneOfItsListARoleSaysWhichAndDoesNotStart(KafkaRole role) throws Exception {
        for (var right : Roles.rights(role, kafka.settings(role.word(), with()))) {
            kafka.deny(role, right);
            try {
                assertRefused(role, right);
            } finally {
                kafka.allow(role, right);
            }
        }
    }

    private static void assertRefused(KafkaRole role, Right right) throws Exception {
        if (right.operation() == AclOperation.CREATE) {
            assertNotCreated(role, right);
            return;
        }
        assertThat(refusal(role))
                .as("%s without %s", role.word(), right)
                .contains("Kafka does not allow the principal of " + role.word() + ": ")
                .contains(right.toString())
                .contains("tidemark acls --role " + role.word());
    }

    /* What is there need not be created: that is missed when something is not. */
    private static void assertNotCreated(KafkaRole role, Right right) throws Exception {
        if (role == KafkaRole.PROJECTOR) {
            return; // aProjectorThatMayNotMakeTopicsOfItsOwnSaysSoAndStops
        }
        var before = topics();
        var said =
                role == KafkaRole.TOPICS
                        ? said(role, inANewPlace(), "topics")
                        : said(role, common, "projector", "--rebuild");
        assertThat(said)
                .as("%s without %s", role.word(), right)
                .contains("create topic " + right.name())
                .contains("Kafka does not allow the");
        deleteAllBut(before);
    }

    private static Set<String> topics() throws Exception {
        return kafka.admin().listTopics().names().get();
    }

    /* What was made before the one that was not allowed would be there the next time. */
    private static void deleteAllBut(Set<String> kept) throws Exception {
        var made = new HashSet<>(topics());
        made.removeAll(kept);
        kafka.admin().deleteTopics(made).all().get();
        await().atMost(LONG).until(() -> kept.containsAll(topics()));
    }

    private static List<String> inANewPlace() {
        var others = new ArrayList<>(common);
        others.set(0, "topics.prefix=" + PREFIX + ".new");
        return others;
    }

    private static String refusal(KafkaRole role) {
        return switch (role) {
            case INGEST -> thrown(stack -> startWorker(stack));
            case PROJECTOR -> thrown(stack -> roles(role).projector(stack, "p", 0));
            case EDGE -> thrown(KafkaAclsIT::startEdge);
            case TOPICS ->
                    said(role, managed(), "topics", "--add-partitions", Integer.toString(GROWN));
            case VERIFY -> said(role, common, "verify");
            case REPLAY -> said(role, common, "replay", "--since", "1h");
            case EXPORT -> said(role, common, export("rollups"));
            case REBUILD -> said(role, common, "projector", "--rebuild");
        };
    }

    private static void startWorker(ShutdownStack stack) {
        roles(KafkaRole.INGEST)
                .ingest(stack, Providers.of(kafka.settings("ingest", with())), "w", Duration.ZERO);
    }

    private static URI startEdge(ShutdownStack stack) {
        return roles(KafkaRole.EDGE)
                .edge(
                        stack,
                        Providers.of(kafka.settings("edge", with())),
                        List.of(URI.create("http://127.0.0.1:1")),
                        0);
    }

    private static String said(KafkaRole role, List<String> settings, String... command) {
        var said = kafka.run(role.word(), settings, command);
        assertThat(said.exitCode()).as(said.out()).isNotZero();
        return said.err();
    }

    private static String thrown(Consumer<ShutdownStack> start) {
        try (var stack = new ShutdownStack()) {
            start.accept(stack);
            return "it started";
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    @Order(3)
    void whatIsTakenAwayFromAnEdgeShowsInItsReadinessUntilItIsGivenBack() throws Exception {
        try (var stack = new ShutdownStack()) {
            var edge = startEdge(stack);
            for (var right : List.of(right("events", "READ"), right("commands", "WRITE"))) {
                awaitReady(edge, 200, "ready");
                kafka.deny(KafkaRole.EDGE, right);
                awaitReady(edge, 503, right.toString());
                kafka.allow(KafkaRole.EDGE, right);
            }
            awaitReady(edge, 200, "ready");
        }
    }

    private static Right right(String topic, String operation) {
        return Roles.rights(KafkaRole.EDGE, kafka.settings("edge", with())).stream()
                .filter(it ->
                        it.name().equals(PREFIX + "." + topic)
                                && it.operation().name().equals(operation))
                .findFirst()
                .orElseThrow();
    }

    private static void awaitReady(URI edge, int status, String text) {
        await().atMost(LONG)
                .untilAsserted(() -> {
                    var answer = ask(edge, "GET", "/readyz");
                    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
                    assertThat(answer.body()).contains(text);
                });
    }

    @Test
    @Order(4)
    void aProjectorThatMayNotMakeTopicsOfItsOwnSaysSoAndStops() throws Exception {
        var others = new ArrayList<>(common);
        others.set(0, "topics.prefix=other");
        var made = kafka.run(GuardedKafka.ADMIN, others, "topics");
        assertThat(made.exitCode()).as(made.err()).isZero();
        kafka.allow(KafkaRole.PROJECTOR, others);
        var settings = kafka.settings("projector", others.toArray(String[]::new));
        for (var right : Roles.rights(KafkaRole.PROJECTOR, settings)) {
            if (right.operation() == AclOperation.CREATE) {
                kafka.deny(KafkaRole.PROJECTOR, right);
            }
        }

        Supplier<String> started =
                () ->
                        thrown(stack -> {
                            var roles = new Roles(settings, Roles.bootstrapServers(settings));
                            Roles.awaitReady(roles.projector(stack, "p", 0));
                        });

        assertThat(started.get())
                .contains("Kafka does not allow the projector what it does")
                .contains("AuthorizationException")
                .contains("other-projector-");
    }

    @Test
    @Order(5)
    void aWrongPasswordIsNamedAndTheWorkerDoesNotStart() {
        var assignments =
                kafka.assignments("ingest", with()).stream()
                        .map(it -> it.contains("jaas") ? it.replace("of-ingest", "no-ingest") : it)
                        .toList();
        var wrong = SettingsLoader.load(null, Map.of(), assignments);

        assertThatThrownBy(
                        () -> {
                            try (var stack = new ShutdownStack()) {
                                new Roles(wrong, Roles.bootstrapServers(wrong))
                                        .ingest(stack, Providers.of(wrong), "w", Duration.ZERO);
                            }
                        })
                .hasMessageContaining("SaslAuthenticationException")
                .hasMessageNotContaining("no-ingest");
    }

    private static HttpResponse<String> ask(URI edge, String method, String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(edge.resolve(path))
                        .header("Authorization", "Bearer " + KEY)
                        .timeout(LONG)
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }
}
