package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.auditor.Count;
import io.tidemark.auditor.ViolationCode;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

class VerifyDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));

    @Test
    void theDocumentListsEveryCodeAndCountAsItIsAndNoOther() throws IOException {
        var codes =
                Arrays.stream(ViolationCode.values())
                        .map(code ->
                                "| `%s` | %s | %s |"
                                        .formatted(code.wire(), code.section(), code.meaning()));
        var counts =
                Arrays.stream(Count.values())
                        .map(what -> "| `%s` | %s |".formatted(what.wire(), what.meaning()));

        try (var lines = Files.lines(ROOT.resolve("docs/verify.md"))) {
            assertThat(lines.filter(line -> line.startsWith("| `")))
                    .containsExactlyElementsOf(Stream.concat(codes, counts).toList());
        }
    }
}
