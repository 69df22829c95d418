package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;

class AnalystsDocumentTest {
    @Test
    void theDocumentPrintsThePrograms() throws IOException {
        var document = AnalystsDocument.read();

        assertThat(document.files()).hasSize(3);
        for (var file : document.files().entrySet()) {
            assertThat(file.getValue())
                    .as(file.getKey())
                    .isEqualTo(Files.readString(AnalystsDocument.ROOT.resolve(file.getKey())));
        }
    }
}
