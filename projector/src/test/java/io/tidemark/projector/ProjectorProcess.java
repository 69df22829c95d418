package io.tidemark.projector;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.joining;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.schemas.Topics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** A projector in a process of its own, which a test can kill. Confined to one thread. */
final class ProjectorProcess implements AutoCloseable {
    private final Process process;
    private final URI address;

    private ProjectorProcess(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    static ProjectorProcess start(String bootstrapServers, String prefix, Path stateDir)
            throws IOException {
        return start(bootstrapServers, prefix, stateDir, "projector-0", Map.of(), 0);
    }

    /** One of several instances. */
    static ProjectorProcess start(
            String bootstrapServers,
            String prefix,
            Path stateDir,
            String instanceId,
            Map<String, String> kafka,
            int standbyReplicas)
            throws IOException {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                bootstrapServers,
                                prefix,
                                stateDir.toString(),
                                instanceId,
                                Integer.toString(standbyReplicas),
                                kafka.entrySet().stream()
                                        .map(it -> it.getKey() + "=" + it.getValue())
                                        .collect(joining(",")))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(Main.READY)) {
                return new ProjectorProcess(
                        process, URI.create(line.substring(Main.READY.length())));
            }
        }
        throw new IOException("the projector process ended before it was ready");
    }

    URI address() {
        return address;
    }

    /** SIGSTOP or SIGCONT. */
    void signal(String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** SIGKILL, and waits until it has had its effect. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    /** The process; ends with its standard input, so that none outlives a test. */
    static final class Main {
        static final String READY = "ready ";

        private Main() {}

        public static void main(String[] args) throws IOException {
            var kafka = new HashMap<>(Map.of("bootstrap.servers", args[0]));
            for (var setting : args[5].isEmpty() ? new String[0] : args[5].split(",", -1)) {
                var parts = setting.split("=", 2);
                kafka.put(parts[0], parts[1]);
            }
            var config =
                    ProjectorConfig.of(
                                    kafka,
                                    TestLog.topics(args[1], Topics.PARTITIONS_DEFAULT),
                                    Path.of(args[2]))
                            .withInstanceId(args[3])
                            .withThreads(1, Integer.parseInt(args[4]));
            try (var projector =
                    Projector.start(config, new SimpleMeterRegistry(), InstantSource.system())) {
                System.out.println(READY + projector.address());
                System.in.transferTo(OutputStream.nullOutputStream());
            }
        }
    }
}
