package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;

final class GenerationsTest {
    private static final Topics TOPICS = Topics.defaults();
    private static final String TOPIC = "tidemark.generations";
    private static final GenerationWord.Building BUILDING =
            new GenerationWord.Building(2, Map.of(0, 17L, 11, 0L), 5);

    @Test
    void wordsAreWrittenAsTheProtocolSays() {
        var current = new GenerationWord.Current(2, 7).record("t");
        assertThat(current.partition()).isZero();
        assertThat(current.key()).asString(UTF_8).isEqualTo("current");
        assertThat(current.value()).asString(UTF_8).isEqualTo("{\"generation\":2,\"at\":7}");

        var building = BUILDING.record("t");
        assertThat(building.partition()).isZero();
        assertThat(building.key()).asString(UTF_8).isEqualTo("building");
        assertThat(building.value())
                .asString(UTF_8)
                .isEqualTo("{\"generation\":2,\"begins\":{\"0\":17,\"11\":0},\"at\":5}");
    }

    @Test
    void wordsAreReadAsTheyWereWritten() {
        assertThat(GenerationWord.of(consumed(0, BUILDING))).contains(BUILDING);
        var current = new GenerationWord.Current(0, 0);
        assertThat(GenerationWord.of(consumed(0, current))).contains(current);
    }

    @Test
    void aKeyOfALaterVersionSaysNothing() {
        assertThat(GenerationWord.of(record(0, "retired", "{\"at\":1}"))).isEmpty();
        assertThat(GenerationWord.of(new ConsumerRecord<>("t", 0, 0, null, null))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "current  | {\"generation\":-1,\"at\":1}                   | generation",
                "current  | {\"generation\":1.5,\"at\":1}                  | generation",
                "current  | []                                             | value",
                "building | {\"generation\":0,\"begins\":{},\"at\":1}      | generation",
                "building | {\"generation\":1,\"at\":1}                    | value"
            })
    void whatIsNoWordIsRefusedByItsField(String key, String value, String field) {
        assertThatThrownBy(() -> GenerationWord.of(record(0, key, value)))
                .isInstanceOfSatisfying(
                        MalformedRecordException.class,
                        e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void theLastWordCounts() {
        var said =
                read(
                        List.of(
                                consumed(0, new GenerationWord.Current(1, 1)),
                                record(1, "retired", "{}"),
                                consumed(2, BUILDING),
                                consumed(3, new GenerationWord.Current(2, 9))));

        assertThat(said).isEqualTo(new Generations(2, Optional.of(BUILDING)));
    }

    @Test
    void resultsOfAGenerationHaveTopicsOfTheirOwn() {
        assertThat(TOPICS.results())
                .extracting(Topic::name)
                .containsExactly("tidemark.responses", "tidemark.usage", "tidemark.rollups");
        assertThat(TOPICS.withGeneration(3).results())
                .extracting(Topic::name)
                .containsExactly(
                        "tidemark.responses.g3", "tidemark.usage.g3", "tidemark.rollups.g3");
        assertThat(TOPICS.withGeneration(3).events()).isEqualTo(TOPICS.events());
    }

    private static Generations read(List<ConsumerRecord<byte[], byte[]>> records) {
        var said = Generations.FIRST;
        for (var record : records) {
            said = said.after(record);
        }
        return said;
    }

    private static ConsumerRecord<byte[], byte[]> consumed(long offset, GenerationWord word) {
        var record = word.record(TOPIC);
        return new ConsumerRecord<>(TOPIC, 0, offset, record.key(), record.value());
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, String key, String value) {
        return new ConsumerRecord<>(TOPIC, 0, offset, key.getBytes(UTF_8), value.getBytes(UTF_8));
    }
}
