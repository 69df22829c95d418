package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.seal.MasterKeys;
import io.tidemark.standalone.settings.InvalidSettingsException;
import io.tidemark.standalone.settings.Settings;
import io.tidemark.standalone.settings.SettingsLoader;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** From settings to master keys. */
final class EncryptionTest {
    @TempDir private Path directory;

    @SuppressWarnings("NullAway.Init") // before each
    private Path first;

    @SuppressWarnings("NullAway.Init") // before each
    private Path second;

    @BeforeEach
    void write() throws IOException {
        first = file("first");
        second = file("second");
    }

    private Path file(String name) throws IOException {
        var bytes = new byte[32];
        new Random(name.hashCode()).nextBytes(bytes);
        return Files.write(directory.resolve(name), bytes);
    }

    private static Settings settings(String... assignments) {
        return SettingsLoader.load(null, Map.of(), List.of(assignments));
    }

    @Test
    void isOffWithoutSettings() {
        assertThat(Encryption.masterKeys(settings())).matches(MasterKeys::isEmpty);
    }

    @Test
    void takesTheKeysThatAreNamedAndTheCurrentOne() {
        var keys =
                Encryption.masterKeys(
                        settings(
                                "encryption.master-keys.m1=" + first,
                                "encryption.master-keys.m2=" + second,
                                "encryption.master-key=m2"));

        assertThat(keys.sealing()).isTrue();
        assertThat(keys.toString()).contains("m1", "m2", "current=m2");
    }

    @Test
    void opensOldStreamsWithoutSealingNewOnes() {
        var keys = Encryption.masterKeys(settings("encryption.master-keys.m1=" + first));

        assertThat(keys.isEmpty()).isFalse();
        assertThat(keys.sealing()).isFalse();
    }

    @Test
    void readsTheEnvironmentToo() {
        var settings =
                SettingsLoader.load(
                        null,
                        Map.of(
                                "TIDEMARK_ENCRYPTION_MASTER_KEYS_AUTUMN_26",
                                first.toString(),
                                "TIDEMARK_ENCRYPTION_MASTER_KEY",
                                "autumn-26"),
                        List.of());

        assertThat(Encryption.masterKeys(settings).toString()).contains("current=autumn-26");
    }

    @Test
    void whatIsWrongIsNamedByItsSetting() {
        assertThatThrownBy(() -> Encryption.masterKeys(settings("encryption.master-key=m1")))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessage(
                        "encryption.master-key: the current master key must be one of [], was m1");
        assertThatThrownBy(() ->
                        Encryption.masterKeys(
                                settings("encryption.master-keys.m1=" + directory.resolve("x"))))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("encryption.master-keys.m1: ")
                .hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> settings("encryption.master-keys.M1=" + first))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("unknown setting");
    }
}
