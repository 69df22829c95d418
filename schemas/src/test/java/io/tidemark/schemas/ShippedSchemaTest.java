package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whatever the code writes is valid against the schema of its topic. */
class ShippedSchemaTest {
    private static final int CASES = 100;

    @ParameterizedTest
    @EnumSource(ShippedSchema.class)
    void aSchemaIsOneOf202012(ShippedSchema schema) {
        var rules =
                JsonSchemaFactory.getInstance(VersionFlag.V202012)
                        .getSchema(SchemaLocation.of(SchemaId.V202012));

        assertThat(rules.validate(schema.json())).isEmpty();
        assertThat(schema.json().path("$id").asText())
                .isEqualTo("urn:tidemark:schema:%s:1", schema.file().split("\\.", 2)[0]);
    }

    @ParameterizedTest
    @EnumSource(RecordFormat.class)
    void goldenRecordsAreValid(RecordFormat format) throws Exception {
        var schema = ShippedSchema.valueOf(format.name());
        var goldens = Goldens.in(format.topic()).toList();

        assertThat(goldens).isNotEmpty();
        for (var golden : goldens) {
            assertThat(schema.problemsOf(golden.bytes())).as(golden.name()).isEmpty();
        }
    }

    @Test
    void everyKindOfGoldenRecordIsValidated() throws Exception {
        var validated = new TreeSet<>(Set.of("future", "malformed", "sealed"));
        for (var format : RecordFormat.values()) {
            validated.add(format.topic());
        }

        assertThat(Goldens.folders())
                .as("folders of golden records, and the formats in RecordFormat")
                .isEqualTo(validated);
    }

    @Test
    void whatNoWriterHasIsNotValid() throws Exception {
        var malformed = Goldens.lines("malformed/commands.ndjson");

        assertThat(malformed).isNotEmpty();
        for (var line : malformed) {
            var document = line.getBytes(StandardCharsets.UTF_8);
            assertThat(ShippedSchema.COMMAND.problemsOf(document)).as(line).isNotEmpty();
        }
    }

    @Test
    void commandsAreValid() {
        Seeds.forEach(
                CASES,
                any -> {
                    for (var command : new RandomCommands(any.values()).all()) {
                        assertThat(ShippedSchema.COMMAND.problemsOf(CommandCodec.encode(command)))
                                .as(command.getClass().getSimpleName())
                                .isEmpty();
                    }
                });
    }

    @Test
    void whatIsSaidBesideStreamsIsValid() {
        Seeds.forEach(
                CASES,
                any -> {
                    var commands = new RandomCommands(any.values());
                    var revocation = commands.revocation().record("revocations").value();
                    assertThat(ShippedSchema.REVOCATION.problemsOf(revocation)).isEmpty();
                    var erasure = commands.erasure().record("erasures").value();
                    assertThat(ShippedSchema.ERASURE.problemsOf(erasure)).isEmpty();
                    var key = commands.key().record("keys").value();
                    assertThat(ShippedSchema.WRAPPED_KEY.problemsOf(key)).isEmpty();
                    for (var word : commands.words()) {
                        assertThat(ShippedSchema.START_WORD.problemsOf(word.encode())).isEmpty();
                    }
                    for (var word : commands.generations()) {
                        var value = word.record("generations").value();
                        assertThat(ShippedSchema.GENERATION_WORD.problemsOf(value)).isEmpty();
                    }
                });
    }

    @Test
    void foldedStreamsAreValidAtAnyTime() {
        Seeds.forEach(
                CASES,
                any -> {
                    var fold = new ResponseFold();
                    for (var event : any.stream(30)) {
                        fold.add(1, event);
                    }
                    var response = fold.response().orElseThrow();
                    var row = fold.usageRow().orElseThrow();
                    assertThat(ShippedSchema.RESPONSE.problemsOf(ResponseCodec.encode(response)))
                            .isEmpty();
                    assertThat(ShippedSchema.USAGE_ROW.problemsOf(ResponseCodec.encode(row)))
                            .isEmpty();
                    var rollup = Rollup.of(RollupKey.of(row, 0), row);
                    assertThat(ShippedSchema.ROLLUP.problemsOf(RollupCodec.encode(rollup)))
                            .isEmpty();
                });
    }

    @Test
    void headersOfEventsAndFencesAreValid() {
        Seeds.forEach(
                CASES,
                any -> {
                    var values = any.values();
                    var attempt = new Attempt(values.number(), 1 + values.index());
                    var event =
                            EventRecord.of(
                                    "events",
                                    any.event(),
                                    attempt,
                                    values.maybe(values::name),
                                    values.flag(),
                                    values.maybe(values::name));
                    var fence = EventRecord.fence("events", NoisyLog.ID, attempt);
                    for (var record : List.of(event, fence)) {
                        var json = HeadersJson.of(record.headers(), ShippedSchema.EVENT_HEADERS);
                        assertThat(ShippedSchema.EVENT_HEADERS.problemsOf(json)).isEmpty();
                    }
                });
    }

    @Test
    void everyHeaderOfAnEventIsInTheSchemaAndNoMore() {
        var headers = new RecordHeaders();
        new EventHeaders("text.delta", 3, new Attempt(1, 2), "trace", true, "acme")
                .writeTo(headers);

        assertThat(names(headers)).isEqualTo(namesIn(ShippedSchema.EVENT_HEADERS));
    }

    @Test
    void headersOfDeadLettersAreValidAndAllInTheSchema() {
        var command = new ConsumerRecord<>("commands", 3, 17L, new byte[1], new byte[9]);
        var letter = DeadLetter.of(command, DeadLetter.Reason.MALFORMED, "attempt").leavingOut(9);

        var headers = letter.record("letters", command).headers();

        var json = HeadersJson.of(headers, ShippedSchema.DEAD_LETTER_HEADERS);
        assertThat(ShippedSchema.DEAD_LETTER_HEADERS.problemsOf(json)).isEmpty();
        assertThat(names(headers)).isEqualTo(namesIn(ShippedSchema.DEAD_LETTER_HEADERS));
    }

    private static Set<String> names(Iterable<Header> headers) {
        var names = new TreeSet<String>();
        headers.forEach(header -> names.add(header.key()));
        return names;
    }

    private static Set<String> namesIn(ShippedSchema schema) {
        var names = new TreeSet<String>();
        schema.json().path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }
}
