package io.tidemark.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** {@code docs/analysts.md} says what the tables of this module say. */
class AnalystsDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));

    private static final List<String> CONTRACT =
            List.of("schemas/src/main/resources", "schemas/src/test/resources/golden");

    @ParameterizedTest
    @EnumSource
    void theDocumentListsEveryColumnAsItIsAndNoOther(ExportTopic topic) throws IOException {
        var columns =
                topic.columns().stream()
                        .map(column ->
                                "| `%s` | %s | %s |"
                                        .formatted(column.name(), column.type(), column.meaning()));

        assertThat(rows("#### `" + topic.wire() + "`")).containsExactlyElementsOf(columns.toList());
    }

    @Test
    void theDocumentListsEveryVerdictAsItIsAndNoOther() throws IOException {
        var verdicts =
                Arrays.stream(Verdict.values())
                        .map(verdict ->
                                "| `%s` | %s | %s |"
                                        .formatted(
                                                verdict.wire(),
                                                verdict.kept() ? "yes" : "with `--raw`",
                                                verdict.meaning()));

        assertThat(rows("### What becomes of each record"))
                .containsExactlyElementsOf(verdicts.toList());
    }

    private static List<String> rows(String heading) throws IOException {
        try (var lines = Files.lines(ROOT.resolve("docs/analysts.md"))) {
            return lines.dropWhile(line -> !line.equals(heading))
                    .skip(1)
                    .takeWhile(line -> !line.startsWith("#"))
                    .filter(line -> line.startsWith("| `"))
                    .filter(line -> !line.startsWith("| `log_verdict` | exported"))
                    .toList();
        }
    }

    /* What an export puts before a line must never be what the line says itself. */
    @Test
    void noFieldOfTheContractBeginsAsThoseOfTheLogDo() throws IOException {
        var fields = Pattern.compile("\"(log[A-Z][A-Za-z]*)\"\\s*:");
        var texts = new ArrayList<String>();
        for (var directory : CONTRACT) {
            try (var files = Files.walk(ROOT.resolve(directory))) {
                files.filter(Files::isRegularFile)
                        .map(AnalystsDocumentTest::read)
                        .forEach(texts::add);
            }
        }

        assertThat(texts).isNotEmpty().noneMatch(text -> fields.matcher(text).find());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
