package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;

class TlsReloadTest {
    private static TestCertificates.Pair first;
    private static TestCertificates.Pair second;

    @TempDir private Path directory;
    private final List<SSLContext> used = new ArrayList<>();

    @BeforeAll
    static void make() throws Exception {
        first = TestCertificates.make("EC");
        second = TestCertificates.make("RSA");
    }

    @BeforeEach
    void write() throws Exception {
        first.write(certificate(), key());
    }

    private Path certificate() {
        return directory.resolve("tls.crt");
    }

    private Path key() {
        return directory.resolve("tls.key");
    }

    private TlsReload reload() throws Exception {
        return new TlsReload(TlsMaterial.read(certificate(), key()), Duration.ofDays(1), used::add);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void keysOfEachUsualKindAreTaken(String algorithm) throws Exception {
        TestCertificates.make(algorithm).write(certificate(), key());

        assertThat(TlsMaterial.read(certificate(), key()).context()).isNotNull();
    }

    @Test
    void filesThatAreReplacedAreUsedOnce() throws Exception {
        var reload = reload();
        reload.look();
        assertThat(used).isEmpty();

        second.write(certificate(), key());
        reload.look();
        reload.look();

        assertThat(used).hasSize(1);
    }

    @Test
    void whatCannotBeUsedIsSaidOnceAndChangesNothing() throws Exception {
        var reload = reload();
        Files.writeString(certificate(), second.certificate());
        reload.look();
        reload.look();
        assertThat(reload.complaints()).isEqualTo(1);
        Files.delete(key());
        reload.look();
        assertThat(reload.complaints()).isEqualTo(2);
        assertThat(used).isEmpty();

        Files.writeString(key(), second.key());
        reload.look();

        assertThat(used).hasSize(1);
        assertThat(reload.complaints()).isEqualTo(2);
    }

    @Test
    void whatIsWrongIsSaidByTheNameOfTheFile() throws Exception {
        Files.writeString(key(), second.key());
        refused(key() + " is not the key of the certificate in " + certificate());
        var encrypted = first.key().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
        Files.writeString(key(), encrypted);
        refused(key() + " must hold a PEM key in PKCS #8, without a password");
        Files.writeString(certificate(), "");
        refused(certificate() + " holds no certificate");
        Files.writeString(certificate(), "-----BEGIN CERTIFICATE-----\nAAAA\n");
        refused(certificate() + " holds no PEM certificates");
        Files.delete(certificate());
        refused(certificate() + " cannot be read");
    }

    private void refused(String message) {
        assertThatThrownBy(() -> TlsMaterial.read(certificate(), key()).context())
                .isInstanceOf(TlsException.class)
                .hasMessage(message);
    }
}
