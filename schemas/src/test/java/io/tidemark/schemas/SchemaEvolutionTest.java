package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.schemas.ReaderGuard.Verdict;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Logs outlive the code: today's reads what yesterday's wrote, and yesterday's, which is out there
 * still, reads what today's writes. See {@code yesterday/README.md}.
 */
class SchemaEvolutionTest {
    private static final int CASES = 30;

    /**
     * Of {@code SHA256SUMS}, which has those of the other files. A line is added, never changed.
     */
    private static final Map<String, String> SUMS =
            Map.of(
                    "2026-11-29",
                    "4c04c475af94ea473088acf6bad1c149d31663041babde7e754e42e07a4d149d");

    private static final Set<String> ENVELOPE =
            Set.of("schemaVersion", "type", "requestId", "sequence", "at", "final");

    static List<KeptRecords> kept() {
        return KeptRecords.all();
    }

    static Stream<CodeVersion> versions() {
        return Stream.concat(
                Stream.of(CodeVersion.today()), kept().stream().map(KeptRecords::code));
    }

    @ParameterizedTest
    @MethodSource("kept")
    void whatWasKeptIsAsItWas(KeptRecords kept) throws Exception {
        var sums = Files.readAllBytes(kept.directory().resolve("SHA256SUMS"));

        assertThat(MediaHash.hexOf(sums)).isEqualTo(SUMS.get(kept.toString()));
        var files = new TreeMap<String, String>();
        for (var line : new String(sums, StandardCharsets.UTF_8).lines().toList()) {
            files.put(line.substring(66), line.substring(0, 64));
        }
        var found = new TreeMap<String, String>();
        try (var all = Files.list(kept.directory())) {
            for (var file : all.toList()) {
                found.put(
                        String.valueOf(file.getFileName()),
                        MediaHash.hexOf(Files.readAllBytes(file)));
            }
        }
        found.remove("SHA256SUMS");
        assertThat(found).isEqualTo(files);
    }

    @ParameterizedTest
    @MethodSource("kept")
    void everyTopicAndTypeOfThatDayWasKept(KeptRecords kept) {
        var types = new TreeSet<String>();
        for (var record : kept.records("events")) {
            if (record.value() != null) {
                types.add(Json.object(record.value()).path("type").asText());
            }
        }
        assertThat(types).allMatch(kept.code()::knowsEvent);
        assertThat(types).hasSize(((Object[]) kept.code().call("EventType", "values")).length);
        for (var format : formatsOf(kept.code())) {
            assertThat(kept.records(format.topic())).as(format.topic()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("kept")
    void todaysCodeReadsAllOfWhatYesterdaysWrote(KeptRecords kept) {
        forEachRecord(
                kept,
                (format, record) -> {
                    var again = format.again(CodeVersion.today(), record.value());

                    assertThat(again).as("%s: %s", format, record.key()).isNotNull();
                    assertThat(lost(record.value(), requireNonNull(again)))
                            .as(
                                    "fields of a kept record in %s that today's code reads no more",
                                    format)
                            .isEmpty();
                });
    }

    @ParameterizedTest
    @MethodSource("kept")
    void todaysCodeReadsTheHeadersThatYesterdaysWrote(KeptRecords kept) {
        for (var record : kept.records("events")) {
            var again =
                    switch (EventRecord.of(record)) {
                        case EventRecord.Entry entry -> {
                            var headers = new RecordHeaders();
                            entry.headers().writeTo(headers);
                            yield headers;
                        }
                        case EventRecord.Fence fence ->
                                EventRecord.fence("events", fence.id(), fence.attempt()).headers();
                        case EventRecord.Foreign foreign ->
                                throw new AssertionError(foreign.problem());
                    };
            assertThat(hex(again)).isEqualTo(hex(record.headers()));
        }
        for (var record : kept.records("dead-letters")) {
            var again = DeadLetter.read(record).record("letters", record).headers();

            assertThat(hex(again)).isEqualTo(hex(record.headers()));
        }
    }

    @ParameterizedTest
    @MethodSource("kept")
    void keysOfYesterdayNameWhatTheyNamed(KeptRecords kept) {
        for (var record : kept.records("start-keys")) {
            assertThat(StartKey.of(record).record("keys", 12, StartWord.decode(record.value())))
                    .returns(record.partition(), it -> requireNonNull(it.partition()));
        }
        for (var record : kept.records("commands")) {
            var command = CommandCodec.decode(record.value());
            assertThat(CommandCodec.isKey(record.key(), command)).isTrue();
            assertThat(CommandCodec.record("commands", command).partition())
                    .isEqualTo(record.partition());
        }
    }

    @ParameterizedTest
    @MethodSource("kept")
    void aStreamOfYesterdayFoldsToWhatItFoldedToThen(KeptRecords kept) {
        var fold = folded(CodeVersion.today(), kept.records("stream"));

        assertThat(lost(kept.records("responses").getFirst().value(), fold.response()))
                .as("of the response")
                .isEmpty();
        assertThat(lost(kept.records("usage").getFirst().value(), fold.row()))
                .as("of the ledger row")
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kept")
    void yesterdaysCodeReadsWhatItKnowsOfWhatTodaysWrites(KeptRecords kept) {
        var yesterday = kept.code();
        forEachOfToday(
                yesterday,
                (format, value) -> {
                    var read = format.read(yesterday, value);
                    if (format.unknown(read)) {
                        var type = Json.object(value).path("type").asText();
                        assertThat(format == RecordFormat.EVENT && !yesterday.knowsEvent(type))
                                .as("a known type, %s, that can be read no more", type)
                                .isTrue();
                        return;
                    }
                    var again = format.write(yesterday, read);
                    assertThat(lost(again, value)).as("made up by yesterday's code").isEmpty();
                    var known = Json.object(Json.RESULTS, value);
                    known.retain(union(List.of(format.names(read), ENVELOPE, placement(format))));
                    assertThat(fieldsOf(Json.object(Json.RESULTS, again)))
                            .containsAll(fieldsOf(known));
                });
    }

    @ParameterizedTest
    @MethodSource("versions")
    void fieldsThatNobodyKnowsChangeNothing(CodeVersion code) {
        forEachOfToday(
                code,
                (format, value) -> {
                    var before = format.again(code, value);

                    assertThat(format.again(code, Tomorrow.of(format, value))).isEqualTo(before);
                });
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aTypeThatNobodyKnowsIsUnknownAndNoFault(CodeVersion code) {
        forEachOfToday(
                code,
                (format, value) -> {
                    var json = Json.object(Json.RESULTS, value);
                    if (json.has("type")) {
                        json.put("type", "hologram.delta").remove("final");

                        assertThat(format.unknown(format.read(code, Json.bytes(json)))).isTrue();
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("versions")
    void headersAndReasonsThatNobodyKnowsChangeNothing(CodeVersion code) {
        for (var record : kept().getLast().records("events")) {
            var before = String.valueOf(code.call("EventRecord", "of", record));
            record.headers().add("headerOfTomorrow", new byte[] {1, 2});

            assertThat(String.valueOf(code.call("EventRecord", "of", record))).isEqualTo(before);
        }
        for (var record : kept().getLast().records("dead-letters")) {
            record.headers().remove("reason");
            record.headers().add("reason", "reason_of_tomorrow".getBytes(StandardCharsets.UTF_8));

            assertThat(CodeVersion.ask(code.call("DeadLetter", "read", record), "reason"))
                    .isEqualTo("reason_of_tomorrow");
        }
    }

    /* Sequences are counted, so that a stream with types of tomorrow has no gap and its end. */
    @ParameterizedTest
    @MethodSource("versions")
    void aStreamWithTypesOfTomorrowFoldsToWhatIsKnownOfIt(CodeVersion code) {
        var stream = kept().getLast().records("stream");
        var before = Json.object(Json.RESULTS, folded(code, stream).response());

        var after = Json.object(Json.RESULTS, folded(code, withTypesOfTomorrow(stream)).response());

        assertThat(after.path("lastSequence").asLong())
                .isGreaterThan(before.path("lastSequence").asLong());
        before.remove("lastSequence");
        after.remove("lastSequence");
        assertThat(after).isEqualTo(before);
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by what it holds
    private record Folded(byte[] response, byte[] row) {}

    /* By that version's own guard and fold. */
    private static Folded folded(CodeVersion code, List<ConsumerRecord<byte[], byte[]>> records) {
        var guard = code.call("ReaderGuard", "fromStart");
        var fold = code.make("ResponseFold");
        for (var record : records) {
            var found = code.call("EventRecord", "of", record);
            if (found.getClass().getSimpleName().equals("Fence")) {
                CodeVersion.ask(guard, "fence", CodeVersion.ask(found, "attempt"));
                continue;
            }
            var headers = CodeVersion.ask(found, "headers");
            var verdict = String.valueOf(CodeVersion.ask(guard, "admit", headers));
            if (verdict.equals(Verdict.ACCEPTED.name())) {
                var attempt = CodeVersion.ask(headers, "attempt");
                CodeVersion.ask(
                        fold,
                        "add",
                        CodeVersion.ask(attempt, "number"),
                        RecordFormat.EVENT.read(code, record.value()));
            } else {
                assertThat(verdict).isEqualTo(Verdict.FENCED.name());
            }
        }
        assertThat(CodeVersion.ask(guard, "ended")).isEqualTo(true);
        return new Folded(encoded(code, fold, "response"), encoded(code, fold, "usageRow"));
    }

    private static byte[] encoded(CodeVersion code, Object fold, String result) {
        var found = ((Optional<?>) CodeVersion.ask(fold, result)).orElseThrow();
        return (byte[]) code.call("ResponseCodec", "encode", found);
    }

    /* Behind each event one that nobody knows; everything is numbered anew. */
    private static List<ConsumerRecord<byte[], byte[]>> withTypesOfTomorrow(
            List<ConsumerRecord<byte[], byte[]>> stream) {
        var longer = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        for (var record : stream) {
            if (!(EventRecord.of(record) instanceof EventRecord.Entry entry)) {
                longer.add(record);
                continue;
            }
            long sequence = entry.headers().sequence();
            longer.add(numbered(entry, 2 * sequence, entry.headers().type()));
            if (!EventType.endsStream(entry.headers().type())) {
                longer.add(numbered(entry, 2 * sequence + 1, "hologram.delta"));
            }
        }
        return longer;
    }

    private static ConsumerRecord<byte[], byte[]> numbered(
            EventRecord.Entry entry, long sequence, String type) {
        var json = Json.object(entry.value()).put("sequence", sequence).put("type", type);
        var record =
                new ConsumerRecord<>(
                        "events", entry.id().partition(), 0, entry.id().key(), Json.bytes(json));
        new EventHeaders(type, sequence, entry.headers().attempt(), null).writeTo(record.headers());
        return record;
    }

    private static void forEachRecord(
            KeptRecords kept, BiConsumer<RecordFormat, ConsumerRecord<byte[], byte[]>> test) {
        for (var format : formatsOf(kept.code())) {
            for (var record : kept.records(format.topic())) {
                if (record.value() != null) {
                    test.accept(format, record);
                }
            }
        }
    }

    /* The golden files, and random values of every type. */
    private static void forEachOfToday(CodeVersion reader, BiConsumer<RecordFormat, byte[]> test) {
        for (var format : formatsOf(reader)) {
            goldens(format).forEach(golden -> test.accept(format, golden));
        }
        Seeds.forEach(
                CASES,
                any -> {
                    var commands = new RandomCommands(any.values());
                    var fold = new ResponseFold();
                    for (var event : any.stream(20)) {
                        test.accept(RecordFormat.EVENT, EventCodec.encode(event));
                        fold.add(1, event);
                    }
                    test.accept(
                            RecordFormat.RESPONSE,
                            ResponseCodec.encode(fold.response().orElseThrow()));
                    test.accept(
                            RecordFormat.USAGE_ROW,
                            ResponseCodec.encode(fold.usageRow().orElseThrow()));
                    commands.all()
                            .forEach(it ->
                                    test.accept(RecordFormat.COMMAND, CommandCodec.encode(it)));
                    commands.words()
                            .forEach(it -> test.accept(RecordFormat.START_WORD, it.encode()));
                    if (RecordFormat.GENERATION_WORD.knownTo(reader)) {
                        commands.generations()
                                .forEach(it ->
                                        test.accept(
                                                RecordFormat.GENERATION_WORD,
                                                it.record("generations").value()));
                    }
                    test.accept(
                            RecordFormat.REVOCATION,
                            commands.revocation().record("revocations").value());
                    if (RecordFormat.WRAPPED_KEY.knownTo(reader)) {
                        test.accept(
                                RecordFormat.WRAPPED_KEY, commands.key().record("keys").value());
                    }
                    if (RecordFormat.ERASURE.knownTo(reader)) {
                        test.accept(
                                RecordFormat.ERASURE,
                                commands.erasure().record("erasures").value());
                    }
                });
    }

    private static List<RecordFormat> formatsOf(CodeVersion code) {
        return Stream.of(RecordFormat.values()).filter(it -> it.knownTo(code)).toList();
    }

    private static List<byte[]> goldens(RecordFormat format) {
        try {
            return Goldens.in(format.topic()).map(Goldens.Golden::bytes).toList();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> placement(RecordFormat format) {
        return format == RecordFormat.EVENT ? RecordFormat.fieldsOf(Placement.NONE) : Set.of();
    }

    private static List<String> union(List<Set<String>> sets) {
        return sets.stream().flatMap(Set::stream).toList();
    }

    private static List<String> fieldsOf(ObjectNode json) {
        return json.propertyStream().map(Map.Entry::getKey).toList();
    }

    private static Map<String, String> hex(Headers headers) {
        var hex = new TreeMap<String, String>();
        headers.forEach(it -> hex.put(it.key(), HexFormat.of().formatHex(it.value())));
        return hex;
    }

    /** Pointers of what one document has and another has not, or has in another way. */
    private static List<String> lost(byte[] document, byte[] other) {
        var lost = new ArrayList<String>();
        lost("", Json.object(Json.RESULTS, document), Json.object(Json.RESULTS, other), lost);
        return lost;
    }

    private static void lost(String pointer, JsonNode node, JsonNode other, List<String> lost) {
        if (node instanceof ObjectNode && other instanceof ObjectNode) {
            node.properties()
                    .forEach(member ->
                            lost(
                                    pointer + "/" + member.getKey(),
                                    member.getValue(),
                                    other.path(member.getKey()),
                                    lost));
        } else if (node.isArray() && other.isArray() && node.size() == other.size()) {
            for (int i = 0; i < node.size(); i++) {
                lost(pointer + "/" + i, node.get(i), other.get(i), lost);
            }
        } else if (!node.equals(other)) {
            lost.add(pointer);
        }
    }
}
