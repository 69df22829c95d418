package io.tidemark.standalone;

import io.tidemark.devkit.ProviderSimulator;
import io.tidemark.devkit.ProviderSimulatorConfig;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What every benchmark works with: a provider in this process, and the contenders, each in a
 * process of its own with a log that nobody has to see. Confined to the thread that measures.
 */
final class Workbench implements AutoCloseable {
    private static final int LOG_LINES_SHOWN = 20;
    private static final Duration SERVING_MAX = Duration.ofMinutes(2);

    private final ProviderSimulator simulator;
    private final TemporaryDirectory directory;

    private Workbench(ProviderSimulator simulator, TemporaryDirectory directory) {
        this.simulator = simulator;
        this.directory = directory;
    }

    static Workbench open() {
        var directory = TemporaryDirectory.create("tidemark-bench");
        return new Workbench(ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT), directory);
    }

    /** The provider, as an OpenAI client takes it. */
    URI provider() {
        return URI.create(simulator.baseUrl());
    }

    /** Where the system keeps its data. */
    Path data() {
        return directory.path().resolve("data");
    }

    /** Starts a contender, which the caller closes; it has served a stream when this returns. */
    SystemProcess start(Contender contender, String... more)
            throws IOException, InterruptedException {
        var settings = new ArrayList<>(List.of(more));
        settings.add("providers.openai.base-url=" + provider());
        if (contender == Contender.TIDEMARK) {
            settings.add("data-dir=" + data());
            settings.add("edge.port=0");
        }
        var system = start(contender.role(), settings);
        try {
            /* A worker that was just started may be waiting for its partitions. */
            var one = new ClockStreams(1, Duration.ZERO, Duration.ZERO);
            ClockStreams.awaitEnd(system.address(), one.start(system.address(), 1), SERVING_MAX);
            return system;
        } catch (IOException | InterruptedException | RuntimeException e) {
            system.close();
            throw e;
        }
    }

    /** Starts a role, which the caller closes. */
    SystemProcess start(String role, List<String> settings)
            throws IOException, InterruptedException {
        return start(role, role, settings, List.of());
    }

    /**
     * Starts one of several processes, which the caller closes. May be called by several threads.
     *
     * @param name of its log, the same for one that takes the place of another
     * @param options for its JVM
     */
    SystemProcess start(String name, String role, List<String> settings, List<String> options)
            throws IOException, InterruptedException {
        var log = directory.path().resolve(name + ".log");
        try {
            return SystemProcess.start(role, settings, log, options);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; the end of its log:\n" + tail(log), e);
        }
    }

    private static String tail(Path log) throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        var lines = Files.readAllLines(log);
        return String.join(
                "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
    }

    @Override
    public void close() throws IOException {
        try (directory) {
            simulator.close();
        }
    }
}
