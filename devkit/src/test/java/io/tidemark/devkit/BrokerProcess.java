package io.tidemark.devkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An embedded broker in a process of its own, which a test can kill. Confined to one thread. */
final class BrokerProcess implements AutoCloseable {

    private final Process process;
    private final String bootstrapServers;

    private BrokerProcess(Process process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
    }

    static BrokerProcess start(Path directory) throws IOException {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(Main.READY)) {
                return new BrokerProcess(process, line.substring(Main.READY.length()));
            }
        }
        throw new IOException("the broker process ended before it was ready");
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    /** SIGKILL, and waits until it has had its effect. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Closes its standard input, on which it closes the broker and returns from main. */
    int stopCleanly(Duration max) throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(max.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the broker process did not end in " + max);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
    }

    /** The process. */
    static final class Main {
        static final String READY = "ready ";

        private Main() {}

        public static void main(String[] args) throws IOException {
            try (var kafka = EmbeddedKafka.start(EmbeddedKafkaConfig.in(Path.of(args[0])))) {
                System.out.println(READY + kafka.bootstrapServers());
                System.in.transferTo(OutputStream.nullOutputStream());
            }
        }
    }
}
