package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Decoded;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.RollupDeserializer;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.UsageRow;
import io.tidemark.schemas.UsageRowDeserializer;
import io.tidemark.standalone.settings.SettingsLoader;
import io.tidemark.testkit.HasOwnKafka;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Every recipe of {@code docs/analysts.md} as it is printed, on topics that a worker and a
 * projector have filled, with an aborted transaction and a worker that writes on after a fence
 * among it.
 */
@HasOwnKafka(because = "the node under test starts it")
class AnalystsIT {
    private static final List<String> MODELS =
            List.of("sim-answer", "sim-unicode", "sim-reasoning", "sim-tool", "sim-fail");
    private static final Map<String, String> KEYS =
            Map.of(
                    "acme", "acme-0123456789abcdef0123456789abcdef",
                    "beta", "beta-0123456789abcdef0123456789abcdef");
    private static final Duration WAIT_MAX = Duration.ofMinutes(5);

    @TempDir private static Path data;
    @TempDir private static Path files;

    private static final ShutdownStack STACK = new ShutdownStack();
    private static AnalystsDocument document;
    private static String kafka;
    private static TenantStreams acme;
    private static List<UsageRow> ledger;

    @TempDir private Path scratch;

    @BeforeAll
    static void fillTheTopics() throws Exception {
        document = AnalystsDocument.read();
        kafka = "127.0.0.1:" + FreePort.find();
        var settings = new ArrayList<String>();
        KEYS.forEach((tenant, key) -> settings.add("tenants." + tenant + ".api-keys=" + key));
        settings.addAll(
                List.of(
                        "data-dir=" + data,
                        "kafka.bootstrap-servers=" + kafka,
                        "edge.capability-keys=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
                        "topics.partitions=3",
                        "simulator.first-token=0ms",
                        "simulator.token-interval=0ms"));
        var node = StandaloneNode.start(SettingsLoader.load(null, Map.of(), settings), STACK);
        var edge = node.addEdge(0);
        var http = STACK.push("http", HttpClient.newHttpClient());
        var ids = new ArrayList<String>();
        for (var key : KEYS.values()) {
            var tenant = new TenantStreams(edge, http, key);
            for (var model : MODELS) {
                ids.add(tenant.ask(model));
            }
        }
        acme = new TenantStreams(edge, http, requireNonNull(KEYS.get("acme")));
        await().atMost(WAIT_MAX).until(() -> ledger().size() == ids.size());
        ledger = ledger();
        writeWhatDoesNotCount();
        await().atMost(WAIT_MAX).until(() -> rolledUp() == ledger.size());
        shell(files).run(document.recipe("export", kafka));
    }

    /* A row that was never committed, and what a worker that was replaced has written. */
    private static void writeWhatDoesNotCount() throws Exception {
        var settings = new HashMap<String, Object>(Map.of("bootstrap.servers", kafka));
        var bytes = new ByteArraySerializer();
        var row = ledger.getFirst();
        var id = row.requestId();
        try (var producer = new KafkaProducer<>(settings, bytes, bytes)) {
            producer.send(EventRecord.fence("tidemark.events", id, new Attempt(1L << 40, 2))).get();
            producer.send(EventRecord.of("tidemark.events", late(id), Attempt.first(1), null))
                    .get();
        }
        settings.put("transactional.id", "a-projector-that-was-killed");
        try (var producer = new KafkaProducer<>(settings, bytes, bytes)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(
                            new ProducerRecord<>(
                                    "tidemark.usage",
                                    id.partition(),
                                    id.key(),
                                    ResponseCodec.encode(row)))
                    .get();
            producer.abortTransaction();
        }
    }

    private static StreamEvent late(StreamId id) {
        return new StreamEvent(id, 2, 0, Placement.NONE, new TextDelta("too late", null));
    }

    @AfterAll
    static void stop() {
        STACK.close();
    }

    @Test
    void everyRecipeIsRun() {
        var run = new ArrayList<>(List.of("export", "kcat-usage", "kcat-follow", "kcat-headers"));
        run.addAll(List.of("java", "streams", "open-parquet", "open-ndjson"));
        run.addAll(queries());

        assertThat(document.recipes()).containsOnlyKeys(run);
    }

    private static List<String> queries() {
        return document.recipes().entrySet().stream()
                .filter(recipe -> recipe.getValue().matches("(?s)(SELECT|WITH) .*"))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Test
    void queriesHaveTheSameAnswersOverBothFormats() throws SQLException {
        assertThat(queries()).hasSize(7);
        for (var query : queries()) {
            var answer = answer("open-parquet", query);

            assertThat(answer).as(query).isNotEmpty();
            assertThat(answer("open-ndjson", query)).as(query).isEqualTo(answer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"open-parquet", "open-ndjson"})
    void tokensAreThoseOfTheLedger(String open) throws SQLException {
        var rows = answer(open, "tokens-and-cost");

        assertThat(rows.stream().map(row -> row.get(0)).distinct()).containsExactly("acme", "beta");
        assertThat(rows.stream().mapToLong(row -> Long.parseLong(row.get(2))).sum())
                .isEqualTo(ledger.size());
        assertThat(
                        rows.stream()
                                .filter(row -> row.get(1).startsWith("sim-answer"))
                                .map(row -> Double.parseDouble(row.get(5))))
                .hasSize(2)
                .allMatch(cost -> cost > 0);
        long tokens = tokensByModel().values().stream().mapToLong(Long::longValue).sum();
        assertThat(
                        rows.stream()
                                .filter(row -> !row.get(3).equals("null"))
                                .mapToLong(row ->
                                        Long.parseLong(row.get(3)) + Long.parseLong(row.get(4)))
                                .sum())
                .isEqualTo(tokens);
    }

    @ParameterizedTest
    @ValueSource(strings = {"open-parquet", "open-ndjson"})
    void theTextOfEventsIsThatOfTheResponse(String open) throws SQLException {
        var fromEvents = new TreeMap<String, String>();
        answer(open, "text-from-events").forEach(row -> fromEvents.put(row.get(0), row.get(2)));
        var fromResponses = new TreeMap<String, String>();
        query(open, "SELECT request_id, text FROM responses")
                .forEach(row -> fromResponses.put(row.get(0), row.get(1)));

        assertThat(fromEvents).hasSize(ledger.size()).isEqualTo(fromResponses);
        assertThat(answer(open, "text-search")).hasSizeGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"open-parquet", "open-ndjson"})
    void streamsThatFailedAreAmongTheReasons(String open) throws SQLException {
        assertThat(answer(open, "finish-reasons"))
                .anyMatch(row -> row.get(0).equals("completed") && row.get(1).equals("stop"))
                .anyMatch(row -> row.get(0).equals("failed"));
        assertThat(answer(open, "time-to-first-content"))
                .extracting(row -> row.get(0))
                .anyMatch(model -> model.startsWith("sim-answer"));
        assertThat(answer(open, "usage-with-responses")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"open-parquet", "open-ndjson"})
    void hoursOfRollupsAreThoseOfTheLedger(String open) throws SQLException {
        var rows = answer(open, "hours-from-rollups");

        assertThat(rows.stream().map(row -> row.get(1)).distinct())
                .containsExactlyInAnyOrder("acme", "beta");
        assertThat(rows.stream().mapToLong(row -> Long.parseLong(row.get(2))).sum())
                .isEqualTo(ledger.size());
        assertThat(rows).extracting(row -> Double.parseDouble(row.get(4))).allMatch(it -> it > 0);
        assertThat(rows).extracting(row -> row.get(6)).doesNotContain("null");
    }

    @Test
    void theQueryOfTheReadmeIsAnswered() throws Exception {
        var rows = query("open-parquet", AnalystsDocument.queryOfTheReadme());

        assertThat(rows).hasSize(KEYS.size() * MODELS.size());
        assertThat(rows).extracting(row -> row.get(0)).containsOnly("acme", "beta");
    }

    private static List<List<String>> answer(String open, String query) throws SQLException {
        return query(open, document.recipe(query, kafka));
    }

    private static List<List<String>> query(String open, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:duckdb:")) {
            try (var statement = connection.createStatement()) {
                statement.execute("SET autoinstall_known_extensions = false");
                statement.execute("SET TimeZone = 'UTC'");
                statement.execute("SET file_search_path = '" + files + "'");
                statement.execute(document.recipe(open, kafka));
            }
            return rows(connection, sql);
        }
    }

    private static List<List<String>> rows(Connection connection, String sql) throws SQLException {
        var rows = new ArrayList<List<String>>();
        try (var statement = connection.createStatement();
                var results = statement.executeQuery(sql)) {
            int columns = results.getMetaData().getColumnCount();
            while (results.next()) {
                var row = new ArrayList<String>();
                for (int i = 1; i <= columns; i++) {
                    row.add(Objects.toString(results.getString(i)));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    @Test
    void kcatPrintsTheLedger() throws Exception {
        requireKcat();

        var said = shell(scratch).run(document.recipe("kcat-usage", kafka));

        assertThat(said.out().stream().map(line -> json(line, "requestId")))
                .containsExactlyInAnyOrderElementsOf(
                        ledger.stream().map(row -> row.requestId().toString()).toList());
    }

    @Test
    void kcatFollowsTheEventsOfOneStream() throws Exception {
        requireKcat();
        for (var id : idsOf("acme")) {
            var shell = shell(scratch, Map.of("ID", id));

            var said = shell.run(document.recipe("kcat-follow", kafka));

            assertThat(said.out().stream().map(AnalystsIT::withoutServerSide))
                    .isNotEmpty()
                    .isEqualTo(acme.events(id));
        }
    }

    /* An event as an edge gives it (protocol 9.6). */
    private static String withoutServerSide(String line) {
        return line.replaceFirst(",\"(?:signature|encryptedContent)\":\"[^\"]*\"", "");
    }

    @Test
    void kcatCountsRecordsByTheirHeaders() throws Exception {
        requireKcat();

        var said = shell(scratch).run(document.recipe("kcat-headers", kafka));

        assertThat(said.out().stream().map(String::strip))
                .contains(ledger.size() + " type=stream.started");
    }

    private static void requireKcat() {
        if (!Shell.has("kcat")) {
            System.out.println(
                    "SKIPPED: recipes of docs/analysts.md need kcat: apt-get install kcat");
        }
        assumeTrue(Shell.has("kcat"), "no kcat");
    }

    @Test
    void thePlainConsumersReadWhatIsThere() throws Exception {
        var expected = new ArrayList<String>();
        tokensByModel().forEach((model, tokens) -> expected.add(model + " " + tokens));
        query("open-parquet", "SELECT request_id, text FROM responses ORDER BY 1")
                .forEach(row ->
                        expected.add(
                                row.get(0)
                                        + " "
                                        + (row.get(1).equals("null")
                                                ? ""
                                                : row.get(1).replaceAll("\\R", " "))));

        var said = source(scratch).run(document.recipe("java", kafka));

        assertThat(said.out()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void theTopologyAddsUpTheSameTokens() throws Exception {
        var shell = source(scratch);
        var program = shell.start(document.recipe("streams", kafka));
        try {
            await().atMost(WAIT_MAX)
                    .failFast("it has ended by itself", () -> !program.isAlive())
                    .untilAsserted(() ->
                            assertThat(sums(shell.out()))
                                    .as(Files.readString(shell.err()))
                                    .isEqualTo(tokensByModel()));
        } finally {
            Shell.end(program);
        }
    }

    /* Each line is a minute, a model and their sum so far. */
    private static Map<String, Long> sums(Path out) throws IOException {
        var last = new LinkedHashMap<String, Long>();
        for (var line : Files.readAllLines(out)) {
            var words = line.split(" ", -1);
            if (words.length == 3 && !words[2].isEmpty()) {
                last.put(words[0] + " " + words[1], Long.parseLong(words[2]));
            }
        }
        return last.entrySet().stream()
                .collect(
                        groupingBy(
                                sum -> sum.getKey().split(" ", -1)[1],
                                TreeMap::new,
                                summingLong(Map.Entry::getValue)));
    }

    private static Map<String, Long> tokensByModel() {
        var tokens = new TreeMap<String, Long>();
        for (var row : ledger) {
            var usage = row.usage();
            if (usage != null && usage.input() != null && usage.output() != null) {
                tokens.merge(row.model(), usage.input() + usage.output(), Long::sum);
            }
        }
        return tokens;
    }

    private static List<String> idsOf(String tenant) {
        return ledger.stream()
                .skip(1) // of which the log has more than counts
                .filter(row -> tenant.equals(row.tenant()))
                .map(row -> row.requestId().toString())
                .toList();
    }

    private static String json(String line, String field) {
        try {
            return new ObjectMapper().readTree(line).path(field).asText();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(line, e);
        }
    }

    /** A directory with a {@code ./tidemark} in it. */
    private static Shell shell(Path directory) throws IOException {
        return shell(directory, Map.of());
    }

    private static Shell shell(Path directory, Map<String, String> environment) throws IOException {
        var launcher = directory.resolve("tidemark");
        Files.writeString(
                launcher,
                "#!/bin/sh\nexec '%s' -cp '%s' %s \"$@\"\n"
                        .formatted(
                                java(),
                                System.getProperty("java.class.path"),
                                Tidemark.class.getName()));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        return new Shell(directory, directory, environment);
    }

    /** The project's own directory, as it is after a build. */
    private static Shell source(Path scratch) {
        assertThat(AnalystsDocument.ROOT.resolve("standalone/target/tidemark"))
                .as("what the build packages")
                .isDirectory();
        var environment =
                Map.of(
                        "PATH",
                        java().getParent() + ":" + System.getenv("PATH"),
                        "JAVA_TOOL_OPTIONS",
                        "-Dstdout.encoding=UTF-8 -Djava.io.tmpdir=" + scratch);
        return new Shell(AnalystsDocument.ROOT, scratch, environment);
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /* How many rows the latest rollups count. */
    private static long rolledUp() {
        var latest = new HashMap<String, Long>();
        read(
                "tidemark.rollups",
                new RollupDeserializer(),
                (key, rollup) -> latest.put(key, rollup.requests()));
        return latest.values().stream().mapToLong(Long::longValue).sum();
    }

    private static List<UsageRow> ledger() {
        var rows = new ArrayList<UsageRow>();
        read("tidemark.usage", new UsageRowDeserializer(), (_, row) -> rows.add(row));
        return rows;
    }

    private static <T> void read(
            String topic, Deserializer<Decoded<T>> values, BiConsumer<String, T> sink) {
        var settings =
                Map.<String, Object>of(
                        "bootstrap.servers", kafka, "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), values)) {
            var partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(it -> new TopicPartition(it.topic(), it.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.value() instanceof Decoded.Value<T>(var value)) {
                        sink.accept(record.key(), value);
                    }
                }
            }
        }
    }
}
