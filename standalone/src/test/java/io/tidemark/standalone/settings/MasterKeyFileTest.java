package io.tidemark.standalone.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;

final class MasterKeyFileTest {
    @TempDir private Path directory;

    private final byte[] key = new byte[32];

    MasterKeyFileTest() {
        new Random(1).nextBytes(key);
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("m1.key"), bytes);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("m1.key"), text);
    }

    @Test
    void holdsTheKeyAsItIsOrInBase64() throws IOException {
        var base64 = Base64.getEncoder().encodeToString(key);

        assertThat(MasterKeyFile.read(file(key))).isEqualTo(key);
        assertThat(MasterKeyFile.read(file(base64))).isEqualTo(key);
        assertThat(MasterKeyFile.read(file(base64 + "\n"))).isEqualTo(key);
    }

    @Test
    void whatIsNoKeyIsRefusedWithoutBeingShown() throws IOException {
        var file = file("secret-secret");

        assertThatThrownBy(() -> MasterKeyFile.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        file
                                + " must hold 32 bytes, raw or in base64, found 13 bytes that are"
                                + " neither");
        assertThatThrownBy(() -> MasterKeyFile.read(file(new byte[16])))
                .hasMessageContaining("found 16 bytes");
        assertThatThrownBy(() -> MasterKeyFile.read(file(new byte[5000])))
                .hasMessageContaining("found 5000 bytes");
        assertThatThrownBy(() -> MasterKeyFile.read(file(Base64.getEncoder().encode(new byte[31]))))
                .hasMessageContaining("must hold 32 bytes");
    }

    @Test
    void aKeyThatCanBeGuessedIsRefused() throws IOException {
        var file = file("a".repeat(32));

        assertThatThrownBy(() -> MasterKeyFile.read(file))
                .hasMessage(file + " must hold random bytes, has fewer than 8 different ones");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        var file = directory.resolve("none.key");

        assertThatThrownBy(() -> MasterKeyFile.read(file))
                .hasMessage(file + " cannot be read: NoSuchFileException");
    }
}
