package io.tidemark.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schemas.Scope;
import io.tidemark.seal.MasterKeys;
import io.tidemark.testkit.RunsOnKafka;
import io.tidemark.testkit.TestKafka;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Against a real broker; each test has topics of its own. */
@RunsOnKafka
class ExporterIT {
    private static final int PARTITIONS = 3;
    private static final Map<ExportFormat, String> TABLES =
            Map.of(
                    ExportFormat.PARQUET,
                    "FILE",
                    ExportFormat.NDJSON,
                    "read_json(FILE, format = 'newline_delimited',"
                            + " columns = {type: 'VARCHAR', text: 'VARCHAR'})");

    private static TestKafka kafka;

    private final Instant now =
            Instant.now().minus(Duration.ofMinutes(1)).truncatedTo(ChronoUnit.MILLIS);
    @TempDir private Path directory;
    private TestLog log;

    @BeforeAll
    static void start(TestKafka kafka) {
        ExporterIT.kafka = kafka;
    }

    @BeforeEach
    void open(TestInfo test) {
        var name = test.getTestMethod().orElseThrow().getName() + test.getDisplayName().hashCode();
        log =
                new TestLog(
                        kafka.bootstrapServers(),
                        kafka.prefix(name.replaceAll("[^a-zA-Z0-9]", "-")),
                        PARTITIONS);
    }

    @AfterEach
    void close() {
        log.close();
    }

    @ParameterizedTest
    @EnumSource
    void eventsAreThoseThatReadersTakeIn(ExportFormat format) throws Exception {
        var stream = writeStreamOfTwoAttempts();

        var report = export(log.config(ExportTopic.EVENTS, format));

        assertThat(sequences(format)).containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(report.records()).isEqualTo(stream.last() + 1);
        assertThat(report.verdicts())
                .isEqualTo(
                        Map.of(
                                Verdict.ACCEPTED, 6L,
                                Verdict.FENCE, 1L,
                                Verdict.FENCED, 2L,
                                Verdict.DUPLICATE, 1L,
                                Verdict.AFTER_TERMINAL, 1L));
    }

    @ParameterizedTest
    @EnumSource
    void aRawExportHasEveryRecordWithWhatReadersMakeOfIt(ExportFormat format) throws Exception {
        writeStreamOfTwoAttempts();
        log.append(events(), foreign("no event".getBytes(StandardCharsets.UTF_8)));

        var report = export(raw(ExportTopic.EVENTS, format));

        assertThat(report.records()).isEqualTo(12);
        assertThat(
                        Tables.query(
                                file(format),
                                "SELECT %s, count(*) FROM FILE GROUP BY 1 ORDER BY 1"
                                        .formatted(
                                                format == ExportFormat.NDJSON
                                                        ? "logVerdict"
                                                        : "log_verdict")))
                .containsExactly(
                        "accepted|6",
                        "after_terminal|1",
                        "duplicate|1",
                        "fence|1",
                        "fenced|2",
                        "foreign|1");
    }

    /* Attempt 1 writes 0 to 2, is fenced, and writes on; attempt 2 writes 3 to the end. */
    private SampleStream writeStreamOfTwoAttempts() throws Exception {
        var stream = SampleStream.of(now, 1, 7, 4);
        log.append(events(), stream.records(0, 2, 1));
        log.append(events(), stream.fence(2));
        log.append(events(), stream.records(3, 4, 1));
        log.append(events(), stream.records(3, 3, 2));
        log.append(events(), stream.records(3, 5, 2));
        log.append(events(), stream.record(6, 2));
        return stream;
    }

    @Test
    void aLineIsTheValueByteForByte() throws Exception {
        var stream = SampleStream.of(now, 2, 1, 3);
        log.append(events(), stream.records());

        export(log.config(ExportTopic.EVENTS, ExportFormat.NDJSON));

        assertThat(Files.readAllBytes(file(ExportFormat.NDJSON)))
                .isEqualTo(
                        stream.records().stream()
                                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                                .collect(Collectors.joining("\n", "", "\n"))
                                .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aGapIsBridgedAndShown() throws Exception {
        var whole = SampleStream.of(now, 0, 1, 6);
        log.append(events(), whole.records(0, 1, 1));
        log.append(events(), whole.records(4, 7, 1));
        var headless = SampleStream.of(now, 0, 2, 6);
        log.append(events(), headless.records(5, 7, 1));

        var report = export(log.config(ExportTopic.EVENTS, ExportFormat.PARQUET));

        assertThat(report.records()).isEqualTo(9);
        assertThat(report.count(Verdict.GAP)).isEqualTo(2);
        assertThat(
                        Tables.query(
                                file(ExportFormat.PARQUET),
                                "SELECT sequence FROM FILE WHERE log_verdict = 'gap' ORDER BY 1"))
                .containsExactly("4", "5");
    }

    @ParameterizedTest
    @EnumSource
    void whatWasNotCommittedIsNotThere(ExportFormat format) throws Exception {
        try (var aborted = log.transaction(log.topics().prefix() + "-aborted");
                var open = log.transaction(log.topics().prefix() + "-open")) {
            var _ = aborted.send(TestLog.at(usage(), row(1)));
            aborted.flush();
            log.append(usage(), row(2));
            aborted.abortTransaction();
            log.append(usage(), row(3));
            var _ = open.send(TestLog.at(usage(), row(4)));
            open.flush();
            log.append(usage(), row(5));

            var report = export(log.config(ExportTopic.USAGE, format));

            assertThat(inputs(format)).containsExactly("2", "3");
            assertThat(report.records()).isEqualTo(2);
            open.abortTransaction();
        }
    }

    @Test
    void whatIsWrittenAfterItBeganIsNotThere() throws Exception {
        log.append(usage(), rows(0, 5_000));
        var written = new ArrayList<Long>();

        var report =
                Exporter.run(
                        log.config(ExportTopic.USAGE, ExportFormat.NDJSON),
                        new Destination.File(file(ExportFormat.NDJSON)),
                        (records, _, _) -> {
                            written.add(records);
                            appendQuietly(row(9_999_999));
                        });

        assertThat(written).as("progress was heard").isNotEmpty();
        assertThat(report.records()).isEqualTo(5_000);
        try (var lines = Files.lines(file(ExportFormat.NDJSON))) {
            assertThat(lines).hasSize(5_000);
        }
    }

    private void appendQuietly(ProducerRecord<byte[], byte[]> record) {
        log.send(usage(), record);
        log.flush();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsInterruptedLeavesNothing(ExportFormat format) throws Exception {
        log.append(usage(), rows(0, 20_000));

        assertThatThrownBy(() ->
                        Exporter.run(
                                log.config(ExportTopic.USAGE, format),
                                new Destination.File(file(format)),
                                (_, _, _) -> Thread.currentThread().interrupt()))
                .isInstanceOf(ExportFailedException.class)
                .hasMessageContaining("interrupted");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void anExportThatFailsLeavesTheFileThatWasThere() throws Exception {
        log.append(usage(), rows(0, 10_000));
        Files.writeString(file(ExportFormat.NDJSON), "yesterday's");

        assertThatThrownBy(() ->
                        Exporter.run(
                                log.config(ExportTopic.USAGE, ExportFormat.NDJSON),
                                new Destination.File(file(ExportFormat.NDJSON)),
                                (_, _, _) -> Thread.currentThread().interrupt()))
                .isInstanceOf(ExportFailedException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(file(ExportFormat.NDJSON)).hasContent("yesterday's");
    }

    /* With fewer keys remembered than there are, in several readings. */
    @ParameterizedTest
    @EnumSource
    void theLatestOfEachKeyIsFoundInBoundedMemory(ExportFormat format) throws Exception {
        for (int round = 0; round < 3; round++) {
            for (int key = 0; key < 100; key++) {
                long tokens = 1_000L * round + key;
                log.send(usage(), Results.record(Results.row(stream(key).id(), tokens, 1)));
            }
        }
        log.append(usage(), Results.tombstone(stream(40).id()));
        var limits = ExportLimits.of(7);

        var report =
                export(
                        log.config(
                                ExportTopic.USAGE,
                                format,
                                new Scope.Everything(),
                                Keep.LATEST,
                                false,
                                limits));

        assertThat(inputs(format))
                .containsExactlyElementsOf(
                        IntStream.range(0, 100)
                                .filter(key -> key != 40)
                                .mapToObj(key -> String.valueOf(2_000 + key))
                                .toList());
        assertThat(report.count(Verdict.SUPERSEDED)).isEqualTo(201);
        assertThat(report.count(Verdict.TOMBSTONE)).isEqualTo(1);
    }

    @Test
    void tombstonesAreLeftOutAndCounted() throws Exception {
        log.append(usage(), List.of(row(1), Results.tombstone(stream(1).id()), row(2)));

        var report = export(log.config(ExportTopic.USAGE, ExportFormat.NDJSON));

        assertThat(report.records()).isEqualTo(2);
        assertThat(report.count(Verdict.TOMBSTONE)).isEqualTo(1);
    }

    @Test
    void aRangeHasWholeStreamsByWhenTheyWereAskedFor() throws Exception {
        var before = SampleStream.of(now.minusSeconds(20), 0, 1, 1);
        var within = SampleStream.of(now.minusSeconds(10), 0, 2, 1);
        var after = SampleStream.of(now, 0, 3, 1);
        log.append(events(), before.records(0, 1, 1));
        log.append(events(), within.records(0, 1, 1));
        log.append(events(), after.records());
        log.append(events(), within.record(2, 1));
        log.append(events(), before.record(2, 1));

        var report =
                export(
                        log.config(
                                ExportTopic.EVENTS,
                                ExportFormat.PARQUET,
                                new Scope.Between(now.minusSeconds(10), now),
                                Keep.AS_READ,
                                false));

        assertThat(report.records()).isEqualTo(3);
        assertThat(
                        Tables.query(
                                file(ExportFormat.PARQUET),
                                "SELECT request_id, count(*) FROM FILE GROUP BY 1"))
                .containsExactly(within.id() + "|3");
    }

    @Test
    void oneStreamIsReadFromItsPartition() throws Exception {
        log.append(events(), SampleStream.of(now, 0, 1, 3).records());
        var wanted = SampleStream.of(now, 1, 2, 3);
        log.append(events(), wanted.records());
        log.append(events(), SampleStream.of(now, 1, 3, 3).records());

        var report =
                export(
                        log.config(
                                ExportTopic.EVENTS,
                                ExportFormat.NDJSON,
                                new Scope.One(wanted.id()),
                                Keep.AS_READ,
                                true));

        assertThat(report.records()).isEqualTo(5);
        assertThat(
                        Tables.query(
                                file(ExportFormat.NDJSON),
                                "SELECT DISTINCT requestId, logPartition, logAttempt FROM FILE"))
                .containsExactly(wanted.id() + "|1|1");
    }

    @Test
    void aValueThatIsNoObjectIsCountedAndStopsNothing() throws Exception {
        var id = stream(1).id();
        for (var value : new String[] {"", "[]", "{", "{} {}", "\"text\"", "{\"a\":\u0000}"}) {
            log.append(
                    usage(),
                    new ProducerRecord<>(
                            "usage", 1, id.key(), value.getBytes(StandardCharsets.UTF_8)));
        }
        log.append(usage(), row(7));

        var report = export(log.config(ExportTopic.USAGE, ExportFormat.NDJSON));
        var all = export(raw(ExportTopic.USAGE, ExportFormat.PARQUET));

        assertThat(report.records()).isEqualTo(1);
        assertThat(report.count(Verdict.UNREADABLE)).isEqualTo(6);
        assertThat(all.records()).isEqualTo(7);
        assertThat(inputs(ExportFormat.NDJSON)).containsExactly("7");
    }

    /* One of the golden events has half a character, which DuckDB refuses with its file. */
    @ParameterizedTest
    @EnumSource
    void everyKindOfEventIsReadByAStrictReader(ExportFormat format) throws Exception {
        var golden = GoldenEvents.asStreamsOfTheirOwn(now);
        log.append(events(), golden);

        var report = export(log.config(ExportTopic.EVENTS, format));

        assertThat(report.records()).isEqualTo(golden.size());
        assertThat(
                        Tables.query(
                                file(format),
                                """
                                SELECT count(*), count(type), count(*) FILTER (WHERE contains(text, chr(65533)))
                                FROM %s\
                                """
                                        .formatted(TABLES.get(format))))
                .containsExactly(golden.size() + "|" + golden.size() + "|1");
    }

    @Test
    void anEmptyTopicIsAnEmptyTable() throws Exception {
        var report = export(log.config(ExportTopic.RESPONSES, ExportFormat.PARQUET));

        assertThat(report.records()).isZero();
        assertThat(Tables.query(file(ExportFormat.PARQUET), "SELECT count(request_id) FROM FILE"))
                .containsExactly("0");
    }

    @ParameterizedTest
    @EnumSource
    void aStreamGetsWhatAFileWould(ExportFormat format) throws Exception {
        log.append(usage(), rows(0, 100));
        var stream = new ByteArrayOutputStream();

        Exporter.run(
                log.config(ExportTopic.USAGE, format),
                new Destination.Stream(stream),
                Progress.UNHEARD);
        export(log.config(ExportTopic.USAGE, format));

        assertThat(stream.toByteArray()).isEqualTo(Files.readAllBytes(file(format)));
    }

    @Test
    void whatCannotBeDoneSaysWhatAndWhy() {
        var nowhere = directory.resolve("missing").resolve("usage.ndjson");
        assertThatThrownBy(() ->
                        Exporter.run(
                                log.config(ExportTopic.USAGE, ExportFormat.NDJSON),
                                new Destination.File(nowhere),
                                Progress.UNHEARD))
                .isInstanceOf(ExportFailedException.class)
                .hasMessageContaining("there is no directory " + nowhere.getParent());
        assertThatThrownBy(() ->
                        Exporter.run(
                                log.config(ExportTopic.USAGE, ExportFormat.NDJSON),
                                new Destination.File(directory),
                                Progress.UNHEARD))
                .isInstanceOf(ExportFailedException.class)
                .hasMessageContaining("is no file");
        assertThatThrownBy(() -> export(elsewhere()))
                .isInstanceOf(ExportFailedException.class)
                .hasMessageContaining("there is no topic nobody.usage at ");
        assertThat(directory).isEmptyDirectory();
    }

    private ExportConfig elsewhere() {
        var config = log.config(ExportTopic.USAGE, ExportFormat.NDJSON);
        var topics = log.topics();
        return new ExportConfig(
                config.kafka(),
                new io.tidemark.schemas.Topics(
                        "nobody",
                        topics.partitions(),
                        topics.replicationFactor(),
                        topics.eventRetention(),
                        topics.commandRetention(),
                        topics.resultRetention()),
                config.topic(),
                config.format(),
                config.scope(),
                config.keep(),
                config.metadata(),
                config.limits(),
                MasterKeys.NONE);
    }

    private ExportReport export(ExportConfig config) {
        return Exporter.run(config, new Destination.File(file(config.format())), Progress.UNHEARD);
    }

    private ExportConfig raw(ExportTopic topic, ExportFormat format) {
        return log.config(topic, format, new Scope.Everything(), Keep.RAW, false);
    }

    private Path file(ExportFormat format) {
        return directory.resolve("export." + format.wire());
    }

    private List<String> sequences(ExportFormat format) throws IOException {
        return Tables.query(file(format), "SELECT sequence FROM FILE");
    }

    private List<String> inputs(ExportFormat format) {
        return Tables.query(
                file(format),
                format == ExportFormat.NDJSON
                        ? "SELECT usage.input FROM FILE ORDER BY 1"
                        : "SELECT input_tokens FROM FILE ORDER BY 1");
    }

    private SampleStream stream(int number) {
        return SampleStream.of(now, 1, number, 1);
    }

    private ProducerRecord<byte[], byte[]> row(int number) {
        return Results.record(Results.row(stream(number).id(), number, 1));
    }

    private List<ProducerRecord<byte[], byte[]>> rows(int from, int to) {
        return IntStream.range(from, to).mapToObj(this::row).toList();
    }

    private static ProducerRecord<byte[], byte[]> foreign(byte[] value) {
        return new ProducerRecord<>(
                "events", 0, "somebody else's".getBytes(StandardCharsets.UTF_8), value);
    }

    private io.tidemark.schemas.Topic events() {
        return log.topics().events();
    }

    private io.tidemark.schemas.Topic usage() {
        return log.topics().usage();
    }
}
