package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.auditor.ReplayVerdict;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

class ReplayDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));

    @Test
    void theDocumentListsEveryVerdictAsItIsAndNoOther() throws IOException {
        var verdicts =
                Arrays.stream(ReplayVerdict.values())
                        .map(it -> "| `%s` | %s |".formatted(it.wire(), it.meaning()));

        try (var lines = Files.lines(ROOT.resolve("docs/replay.md"))) {
            assertThat(lines.filter(line -> line.startsWith("| `")))
                    .containsExactlyElementsOf(verdicts.toList());
        }
    }
}
