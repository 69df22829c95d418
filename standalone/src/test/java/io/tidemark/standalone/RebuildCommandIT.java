package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.standalone.settings.SettingsLoader;
import io.tidemark.testkit.HasOwnKafka;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Results are made anew on the command line, and all commands go by those that count. */
@HasOwnKafka(because = "its topics have their names by default")
final class RebuildCommandIT {
    private static final Started STARTED =
            new Started("openai", "gpt-5", null, null, 1, null, null, null, null);
    private static final Completed COMPLETED =
            new Completed(Outcome.COMPLETE, "stop", null, null, null, null, null);

    @TempDir private static Path data;

    private static final ShutdownStack STACK = new ShutdownStack();
    private static String kafka;
    private static KafkaProducer<byte[], byte[]> producer;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws Exception {
        kafka = "127.0.0.1:" + FreePort.find();
        var settings =
                SettingsLoader.load(
                        null,
                        Map.of(),
                        List.of("data-dir=" + data, "kafka.bootstrap-servers=" + kafka));
        Roles.kafka(settings, STACK);
        var bytes = new ByteArraySerializer();
        producer =
                STACK.push(
                        "producer",
                        new KafkaProducer<>(
                                Map.<String, Object>of("bootstrap.servers", kafka), bytes, bytes));
    }

    @AfterAll
    static void stop() {
        STACK.close();
    }

    @Test
    void everyCommandGoesByTheResultsThatCount() throws Exception {
        assertThat(run("all", "topics")).as(err.toString()).isZero();
        var id = mint();
        write("all", id);

        assertThat(run("all", "projector", "--rebuild")).as(err.toString()).isZero();

        assertThat(out.toString())
                .contains("making generation 1 of results")
                .contains("generation 1 counts now")
                .contains("responses: 0 equal, 0 changed, 1 new, 0 gone")
                .contains("ledger rows: 0 equal, 0 changed, 1 new, 0 gone")
                .contains("deleted [");
        assertThat(results("all"))
                .containsExactlyInAnyOrder("all.responses.g1", "all.usage.g1", "all.rollups.g1");

        assertThat(run("all", "verify")).as(out + "" + err).isZero();
        assertThat(run("all", "replay", "--id", id.toString())).as(out + "" + err).isZero();
        assertThat(out.toString()).contains(id + " equal");
        var file = data.resolve("usage.ndjson");
        assertThat(
                        run(
                                "all",
                                "export",
                                "--topic",
                                "usage",
                                "--format",
                                "ndjson",
                                "--out",
                                file.toString()))
                .as(err.toString())
                .isZero();
        assertThat(Files.readString(file)).contains(id.toString());
        assertThat(run("all", "topics")).isZero();
        assertThat(out.toString()).contains("all.usage.g1").doesNotContain("all.usage ");
        assertThat(results("all")).hasSize(3);
    }

    @Test
    void whatCountedBeforeCanBeKept() throws Exception {
        assertThat(run("kept", "topics")).isZero();
        write("kept", mint());

        assertThat(run("kept", "projector", "--rebuild", "--keep-old")).isZero();

        assertThat(out.toString()).doesNotContain("deleted");
        assertThat(results("kept"))
                .contains("kept.responses", "kept.usage", "kept.rollups", "kept.usage.g1");
    }

    @Test
    void resultsThatLackSomeDoNotCount() throws Exception {
        assertThat(run("lacking", "topics")).isZero();
        var id = mint();
        var row = "{}".getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>("lacking.usage", id.partition(), id.key(), row)).get();

        assertThat(run("lacking", "projector", "--rebuild")).isEqualTo(1);

        assertThat(err.toString())
                .contains("tidemark: not rebuilt: ")
                .contains("lack 1 ledger rows")
                .contains(id.toString());
        assertThat(results("lacking")).contains("lacking.usage");
    }

    @Test
    void whatIsOldIsKeptOnlyInARebuild() {
        assertThat(run("misused", "projector", "--keep-old")).isEqualTo(2);
        assertThat(err.toString()).contains("--rebuild");
    }

    private static StreamId mint() {
        return StreamId.mint(InstantSource.system(), () -> 7, 1);
    }

    private static void write(String prefix, StreamId id) throws Exception {
        var bodies = List.of(STARTED, COMPLETED);
        for (int sequence = 0; sequence < bodies.size(); sequence++) {
            producer.send(record(prefix, id, sequence, bodies.get(sequence))).get();
        }
    }

    private static ProducerRecord<byte[], byte[]> record(
            String prefix, StreamId id, long sequence, EventBody body) {
        var at = Instant.now().toEpochMilli();
        var event = new StreamEvent(id, sequence, at, Placement.NONE, body);
        return EventRecord.of(prefix + ".events", event, new Attempt(0, 1), null);
    }

    private static Set<String> results(String prefix) throws Exception {
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", kafka))) {
            var names = new TreeSet<>(admin.listTopics().names().get());
            names.removeIf(it -> !it.matches(prefix + "\\.(responses|usage|rollups)(\\.g[0-9]+)?"));
            return names;
        }
    }

    private int run(String prefix, String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var settings =
                Stream.of("topics.prefix=" + prefix, "topics.partitions=2", "data-dir=" + data)
                        .flatMap(setting -> Stream.of("--set", setting));
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(settings.toList());
        return Tidemark.commandLine(new FixedHost(kafka))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    private record FixedHost(String bootstrapServers) implements Host {
        @Override
        public Map<String, String> environment() {
            return Map.of("TIDEMARK_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        }

        @Override
        public int runUntilStopped(ShutdownStack stack) {
            stack.close();
            return 0;
        }
    }
}
