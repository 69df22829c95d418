package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.standalone.settings.EncryptionKeys;
import io.tidemark.standalone.settings.Key;
import io.tidemark.standalone.settings.Keys;
import io.tidemark.standalone.settings.ProviderKeys;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class SettingsDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));

    @Test
    void theDocumentListsEverySettingAsItIs() throws IOException {
        var document = Files.readString(ROOT.resolve("docs/settings.md"));

        var keys =
                Stream.of(
                                Keys.fixed(),
                                ProviderKeys.ofProvider("<name>"),
                                List.of(ProviderKeys.header("<name>", "<header>")),
                                Keys.ofRoute("<name>"),
                                Keys.ofTenant("<name>"),
                                EncryptionKeys.ofMasterKey("<id>"))
                        .flatMap(List::stream);

        assertThat(keys).allSatisfy(key -> assertThat(document).contains(row(key)));
    }

    private static String row(Key<?> key) {
        return "| `%s` | %s | %s | `%s` |"
                .formatted(
                        key.name(),
                        key.help(),
                        key.fallback() == null ? "–" : "`" + key.fallback() + "`",
                        key.variable());
    }
}
