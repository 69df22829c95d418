package io.tidemark.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An authority of the test's own and the certificates that it gives, made with the JDK's keytool:
 * PKCS #12 files in a directory. Confined to one thread.
 */
final class Certificates {
    static final String PASSWORD = "not-a-secret";

    private static final int TOOL_SECONDS_MAX = 60;

    private final Path directory;

    /** Makes the authority. */
    Certificates(Path directory) throws IOException, InterruptedException {
        this.directory = Files.createDirectories(directory);
        keytool("-genkeypair", "-alias", "ca", "-dname", "CN=ca", "-ext", "bc:c", "-keyalg", "EC");
        var exported = directory.resolve("ca.pem");
        keytool("-exportcert", "-alias", "ca", "-rfc", "-file", exported.toString());
        run(
                List.of(
                        "-importcert",
                        "-noprompt",
                        "-alias",
                        "ca",
                        "-file",
                        exported.toString(),
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        trustStore().toString(),
                        "-storepass",
                        PASSWORD));
    }

    /** Makes a certificate with this common name, for clients and servers on 127.0.0.1. */
    void issue(String name) throws IOException, InterruptedException {
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-signer",
                "ca",
                "-keyalg",
                "EC",
                "-ext",
                "san=ip:127.0.0.1");
        run(
                List.of(
                        "-importkeystore",
                        "-noprompt",
                        "-srckeystore",
                        authority().toString(),
                        "-srcstorepass",
                        PASSWORD,
                        "-srcalias",
                        name,
                        "-destkeystore",
                        keyStore(name).toString(),
                        "-deststoretype",
                        "PKCS12",
                        "-deststorepass",
                        PASSWORD));
    }

    Path keyStore(String name) {
        return directory.resolve(name + ".p12");
    }

    Path trustStore() {
        return directory.resolve("trust.p12");
    }

    /** Settings of Kafka's clients that make one the owner of a certificate. */
    Map<String, String> clientProperties(String name) {
        return Map.of(
                "security.protocol",
                "SSL",
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                keyStore(name).toString(),
                "ssl.keystore.password",
                PASSWORD,
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                trustStore().toString(),
                "ssl.truststore.password",
                PASSWORD);
    }

    private Path authority() {
        return directory.resolve("authority.p12");
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-storetype", "PKCS12", "-keystore", authority().toString()));
        all.addAll(List.of("-storepass", PASSWORD));
        if (all.contains("-genkeypair")) {
            all.addAll(List.of("-validity", "2"));
        }
        run(all);
    }

    private static void run(List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(TOOL_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("keytool failed: " + said);
        }
    }
}
