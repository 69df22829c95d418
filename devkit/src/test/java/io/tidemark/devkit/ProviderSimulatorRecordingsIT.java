package io.tidemark.devkit;

import static io.tidemark.devkit.SimulatorClient.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

class ProviderSimulatorRecordingsIT {

    private static final Path AUTHORED = Path.of("src/test/resources/recordings");
    private static final String SMALL = "openai-responses/authored--small.sse";
    private static final String CRLF = "openai-responses/authored--crlf.sse";

    @ParameterizedTest
    @ValueSource(strings = {SMALL, CRLF})
    void servesTheFileByteForByte(String name) throws Exception {
        try (var simulator = serving(AUTHORED)) {
            assertThat(bodyOf(simulator, name))
                    .isEqualTo(Files.readAllBytes(AUTHORED.resolve(name)));
            assertThat(bodyOf(simulator, name, "sim_split_every", "1"))
                    .isEqualTo(Files.readAllBytes(AUTHORED.resolve(name)));
            assertThat(bodyOf(simulator, name, "sim_token_ms", "1", "sim_split_seed", "7"))
                    .isEqualTo(Files.readAllBytes(AUTHORED.resolve(name)));
        }
    }

    @Test
    void framesAreWhatPacingAndAccountsCount() throws Exception {
        try (var simulator = serving(AUTHORED)) {
            bodyOf(simulator, SMALL);
            bodyOf(simulator, CRLF);
            simulator.awaitClosed(2, Duration.ofSeconds(10));

            assertThat(simulator.requests().stream().map(SimulatedRequest::sentFrames))
                    .containsExactly(6L, 4L);
            assertThat(simulator.reportedUsage()).isEqualTo(SimulatedUsage.NONE);
        }
    }

    @Test
    void saysItIsAnEventStreamAndNoMore() throws Exception {
        try (var simulator = serving(AUTHORED);
                var client = new SimulatorClient(simulator)) {
            var answer = client.post(streaming("recording:" + SMALL));

            assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
        }
    }

    @Test
    void canFailInTheMiddleToo() throws Exception {
        try (var simulator = serving(AUTHORED)) {
            var whole = Files.readAllBytes(AUTHORED.resolve(SMALL));

            assertThat(bodyOf(simulator, SMALL, "sim_fault", "eof", "sim_fault_after_bytes", "333"))
                    .hasSize(333)
                    .isEqualTo(Arrays.copyOf(whole, 333));
        }
    }

    @Test
    void nothingOutsideTheDirectoryCanBeNamed(@TempDir Path directory) throws Exception {
        var root = directory.resolve("root");
        Files.createDirectories(root.resolve("inner"));
        Files.writeString(directory.resolve("secret.sse"), "data: secret\n\n");
        Files.createSymbolicLink(root.resolve("link.sse"), directory.resolve("secret.sse"));
        try (var simulator = serving(root);
                var client = new SimulatorClient(simulator)) {
            for (var name :
                    List.of(
                            "../secret.sse",
                            "inner/../../secret.sse",
                            directory.resolve("secret.sse").toString(),
                            "link.sse",
                            "",
                            ".",
                            "a\u0000b")) {
                var answer = client.post(streaming("recording:" + name));
                assertThat(answer.statusCode()).as(name).isEqualTo(400);
                assertThat(answer.body()).doesNotContain("secret");
            }
            assertThat(client.post(streaming("recording:no.sse")).statusCode()).isEqualTo(404);
            assertThat(client.post(streaming("recording:inner")).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void servesEveryRecordingThereIsByteForByteCutAtRandom() throws Exception {
        var root = Path.of(System.getProperty("recordings.dir", "../shared/recordings"));
        if (!Files.isDirectory(root)) {
            System.out.println("NO RECORDINGS at " + root + ": this test has nothing to check");
        }
        assumeTrue(Files.isDirectory(root), "no recordings at " + root);
        try (var simulator = serving(root);
                var files = Files.walk(root)) {
            var names =
                    files.filter(file -> file.toString().endsWith(".sse"))
                            .map(file -> root.relativize(file).toString())
                            .sorted()
                            .toList();
            for (var name : names) {
                assertThat(
                                bodyOf(
                                        simulator,
                                        name,
                                        "sim_split_seed",
                                        "" + name.hashCode(),
                                        "sim_split_max",
                                        "2000"))
                        .as(name)
                        .isEqualTo(Files.readAllBytes(root.resolve(name)));
            }
            System.out.println("recordings served byte for byte: " + names.size());
        }
    }

    private static ProviderSimulator serving(Path directory) {
        return ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT.withRecordings(directory));
    }

    private static byte[] bodyOf(ProviderSimulator simulator, String name, String... metadata)
            throws Exception {
        try (var raw = new RawClient(simulator.port())) {
            raw.post(streaming("recording:" + name, metadata));
            assertThat(raw.readHead()).startsWith("HTTP/1.1 200 ");
            var body = new ByteArrayOutputStream();
            raw.readChunks().forEach(body::writeBytes);
            return body.toByteArray();
        }
    }
}
