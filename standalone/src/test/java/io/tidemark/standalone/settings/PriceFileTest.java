package io.tidemark.standalone.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.schemas.Amount;
import io.tidemark.schemas.Price;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.UsageKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class PriceFileTest {
    private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));
    private static final long AUTUMN = Instant.parse("2026-11-21T09:00:00Z").toEpochMilli();
    private static final long WINTER = Instant.parse("2026-12-01T00:00:00Z").toEpochMilli();

    @TempDir private Path folder;

    @Test
    void readsTheExample() {
        var table = PriceFile.read(ROOT.resolve("docs/prices.example.yaml"));

        assertThat(table.name()).isEqualTo("example");
        assertThat(input(table, "openai", "gpt-5.2-2025-12-11", AUTUMN)).isEqualTo("1.25");
        assertThat(input(table, "openai", "gpt-5-mini", AUTUMN)).isEqualTo("0.25");
        assertThat(input(table, "openai", "gpt-5-mini", WINTER - 1)).isEqualTo("0.25");
        assertThat(input(table, "openai", "gpt-5-mini", WINTER)).isEqualTo("0.2");
        assertThat(input(table, "local", "gpt-5-mini", WINTER)).isEqualTo("0");
        assertThat(table.find("openai", "whisper-1", AUTUMN).orElseThrow().rates())
                .isEqualTo(Map.of(UsageKind.AUDIO_SECONDS, Amount.parse("0.0001")));
        assertThat(table.find("openai", "o3", AUTUMN)).isEmpty();
    }

    private static String input(PriceTable table, String provider, String model, long at) {
        return String.valueOf(
                table.find(provider, model, at).orElseThrow().rates().get(UsageKind.INPUT));
    }

    @Test
    void readsEachKindOfRateAsItIsSpelled() throws IOException {
        var table =
                read(
                        """
                        name: all
                        prices:
                          - {model: m, currency: EUR, valid-from: "2026-11-01T00:00:00.123Z", input: 0.1,
                             cached-input: "0.10", cache-write: 123456789.123456789012, audio-input: 4,
                             image-input: 5, output: 6, reasoning: 7, audio-output: 8, image-output: 9,
                             audio-second: 010}
                        """);

        var price = table.prices().getFirst();
        assertThat(price.validFrom())
                .isEqualTo(Instant.parse("2026-11-01T00:00:00.123Z").toEpochMilli());
        assertThat(price.rates())
                .hasSize(10)
                .containsEntry(UsageKind.INPUT, Amount.parse("0.1"))
                .containsEntry(UsageKind.CACHED_INPUT, Amount.parse("0.1"))
                .containsEntry(UsageKind.CACHE_WRITE, Amount.parse("123456789.123456789012"))
                .containsEntry(UsageKind.AUDIO_SECONDS, Amount.parse("10"));
    }

    @Test
    void tellsEveryProblemAtOnceWithEntryFieldFoundAndAllowed() throws IOException {
        var file =
                written(
                        """
                        name: two words
                        version: 3
                        prices:
                          - {model: "", currency: usd, valid-from: yesterday, input: -1, output: 1e3}
                          - {model: a, provider: Open AI, currency: USD, valid-from: 2026-11-01T00:00:00Z,
                             inputs: 1, output: 1}
                          - {currency: [], valid-from: 2026-11-01T00:00:00.0001Z, cached-input: 1}
                          - gpt-5
                          - {model: b, currency: USD, valid-from: 2026-11-01T00:00:00Z, input: 1, output: 1}
                          - {model: b, currency: EUR, valid-from: 2026-11-01T00:00:00Z, input: 1, output: 1}
                          - {model: c, currency: USD, valid-from: 2026-11-01T00:00:00Z, input: , output: 1000000000}
                        """);

        assertThatThrownBy(() -> PriceFile.read(file))
                .isInstanceOf(InvalidSettingsException.class)
                .satisfies(thrown ->
                        assertThat(
                                        String.valueOf(thrown.getMessage())
                                                .replace(file + ": ", "")
                                                .lines())
                                .containsExactly(
                                        "version is no field, did you mean prices? There are"
                                                + " [name, prices]",
                                        "name must be 1 to 64 letters, digits, '.', '_' and"
                                                + " '-', the first a letter or a digit, was"
                                                + " 'two words'",
                                        "prices[0].model must have 1 to 256 characters, was"
                                                + " ''",
                                        "prices[0].currency must be a code of ISO 4217 such"
                                                + " as USD, was 'usd'",
                                        "prices[0].valid-from must be an instant such as"
                                                + " 2026-11-01T00:00:00Z, in whole"
                                                + " milliseconds, was 'yesterday'",
                                        "prices[0].input" + RATE + "was '-1'",
                                        "prices[0].output" + RATE + "was '1e3'",
                                        "prices[1].inputs is no field, did you mean input?"
                                                + " There are "
                                                + FIELDS,
                                        "prices[1].provider must be 1 to 63 lower-case"
                                                + " letters, digits and dashes, the first a"
                                                + " letter, was 'Open AI'",
                                        "prices[1].input must be given, 0 where it is free,"
                                                + " was not there",
                                        "prices[2].model must be a name of models, in which"
                                                + " * stands for anything, was not there",
                                        "prices[2].currency must be a code of ISO 4217 such"
                                                + " as USD, was a list",
                                        "prices[2].valid-from must be an instant such as"
                                                + " 2026-11-01T00:00:00Z, in whole"
                                                + " milliseconds, was"
                                                + " '2026-11-01T00:00:00.0001Z'",
                                        "prices[2].input must be given, 0 where it is free,"
                                                + " was not there",
                                        "prices[2].output must be given, 0 where it is free,"
                                                + " was not there",
                                        "prices[3] must have the fields "
                                                + FIELDS
                                                + ", was 'gpt-5'",
                                        "prices[5].valid-from must not be that of another"
                                                + " entry for the same model and provider,"
                                                + " was that of prices[4]",
                                        "prices[6].input" + RATE + "was empty",
                                        "prices[6].output" + RATE + "was '1000000000'"));
    }

    private static final String RATE =
            " must be a decimal from 0 to below 10^9 with at most 12 decimals, such as 1.25, ";
    private static final String FIELDS =
            "[audio-input, audio-output, audio-second, cache-write, cached-input, currency,"
                    + " image-input, image-output, input, model, output, provider, reasoning,"
                    + " valid-from]";

    @Test
    void tellsWhatIsNoTableAtAll() throws IOException {
        assertRefused("", "must hold name and prices");
        assertRefused("- a\n", "must hold name and prices");
        assertRefused("name: a\nname: b\n", "line 2: Duplicate field 'name'");
        assertRefused("name: [\n", "line ");
        assertRefused("name: a\n", "prices must be a list of 1 to 2000 entries, was not there");
        assertRefused("name: a\nprices: []\n", "entries, was one of 0");
        assertRefused("name: a\nprices: 1\n", "entries, was '1'");
        assertRefused("#".repeat(PriceFile.BYTES_MAX + 1), "must have at most 2097152 bytes");
        assertThatThrownBy(() -> PriceFile.read(folder.resolve("nowhere.yaml")))
                .hasMessageContaining("nowhere.yaml: cannot be read: NoSuchFileException");
    }

    private void assertRefused(String text, String message) throws IOException {
        var file = written(text);
        assertThatThrownBy(() -> PriceFile.read(file))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }

    private PriceTable read(String text) throws IOException {
        return PriceFile.read(written(text));
    }

    private Path written(String text) throws IOException {
        return Files.writeString(folder.resolve("prices.yaml"), text);
    }

    /* What the file lets through, the table has to take. */
    @Test
    void takesAsManyPricesAsATable() throws IOException {
        var text = new StringBuilder("name: many\nprices:\n");
        for (int i = 0; i < PriceTable.PRICES_MAX; i++) {
            text.append("- {model: m")
                    .append(i)
                    .append(
                            ", currency: USD, valid-from: 2026-11-01T00:00:00Z, input: 1, output: 1}\n");
        }

        assertThat(read(text.toString()).prices())
                .hasSize(PriceTable.PRICES_MAX)
                .extracting(Price::currency)
                .containsOnly("USD");
        assertThat(List.of(text.length())).allMatch(it -> it < PriceFile.BYTES_MAX);
    }
}
