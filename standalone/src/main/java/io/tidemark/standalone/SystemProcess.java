package io.tidemark.standalone;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A {@code tidemark} command that runs in a process of its own, with the collector, the compilers
 * and the heap that this one was started with.
 */
final class SystemProcess implements AutoCloseable {
    private static final String READY = "tidemark ready ";
    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    private final Process process;
    private final String address;

    private SystemProcess(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Starts a role and waits until it says that it is ready.
     *
     * @param settings {@code key=value}
     * @throws IOException if it ends before that
     * @throws InterruptedException if it was interrupted; the process has ended by then
     */
    static SystemProcess start(String role, List<String> settings)
            throws IOException, InterruptedException {
        return start(role, settings, ProcessBuilder.Redirect.INHERIT, List.of());
    }

    /**
     * The same, with its log in a file, to whose end it is written.
     *
     * @throws IOException if it ends before it is ready
     * @throws InterruptedException if it was interrupted; the process has ended by then
     */
    static SystemProcess start(String role, List<String> settings, Path log)
            throws IOException, InterruptedException {
        return start(role, settings, log, List.of());
    }

    /**
     * The same, with options for its JVM, which count more than those of this one.
     *
     * @throws IOException if it ends before it is ready
     * @throws InterruptedException if it was interrupted; the process has ended by then
     */
    static SystemProcess start(String role, List<String> settings, Path log, List<String> options)
            throws IOException, InterruptedException {
        return start(role, settings, ProcessBuilder.Redirect.appendTo(log.toFile()), options);
    }

    private static SystemProcess start(
            String role, List<String> settings, ProcessBuilder.Redirect log, List<String> options)
            throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(command(role, settings, options)).redirectError(log).start();
        try {
            var address = announced(process);
            if (address.isPresent()) {
                return new SystemProcess(process, address.get());
            }
            throw new IOException(
                    "%s ended before it was ready, with exit code %d"
                            .formatted(role, process.waitFor()));
        } catch (InterruptedException e) {
            awaitKilled(process);
            throw e;
        }
    }

    /* What it says when it is ready; empty if it ends before. A read cannot be interrupted. */
    private static Optional<String> announced(Process process)
            throws IOException, InterruptedException {
        var announced =
                CompletableFuture.supplyAsync(
                        () ->
                                process.inputReader(StandardCharsets.UTF_8)
                                        .lines()
                                        .filter(line -> line.startsWith(READY))
                                        .map(line -> line.substring(READY.length()))
                                        .findFirst(),
                        task -> Thread.ofVirtual().name("announced").start(task));
        try {
            return announced.get();
        } catch (ExecutionException e) {
            throw new IOException("what a process says cannot be read", e.getCause());
        }
    }

    private static List<String> command(String role, List<String> settings, List<String> options) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-XX:") || option.startsWith("-Xmx"))
                .forEach(command::add);
        /* Of two that say the same, a JVM takes the last. */
        command.addAll(options);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Tidemark.class.getName());
        command.add(role);
        for (var setting : settings) {
            command.add("--set");
            command.add(setting);
        }
        return command;
    }

    /** What it announced: an address, of Kafka without a scheme. */
    String announced() {
        return address;
    }

    /** Its number. */
    long pid() {
        return process.pid();
    }

    /** The address it announced. */
    URI address() {
        return URI.create(address);
    }

    /** CPU time it has used, on all cores; zero where the platform does not tell. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Ends it at once, as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to stop, as SIGTERM does, and returns its exit code. */
    int stop() throws InterruptedException {
        return stop(STOP_MAX);
    }

    /** The same, with another time after which it is killed. */
    int stop(Duration longest) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            awaitKilled(process);
            Thread.currentThread().interrupt();
        }
    }

    /* Whoever is interrupted deletes files next, and nobody may be writing them. */
    private static void awaitKilled(Process process) {
        process.destroyForcibly().onExit().join();
    }
}
