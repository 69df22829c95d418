package io.tidemark.faults;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A part of the installation as a process that is started, hit and started again. What it logs goes
 * to a file, over all its lives. Thread-safe; one fault at a time.
 */
final class RoleProcess implements AutoCloseable {
    /** What it says on standard output when it works. */
    static final String READY = "tidemark ready ";

    private static final Duration READY_MAX = Duration.ofMinutes(4);
    private static final Duration STOP_MAX = Duration.ofSeconds(60);

    private final String name;
    private final List<String> command;
    private final Path log;
    private @Nullable Process process;

    /**
     * A process that is not started yet.
     *
     * @param heapMib its heap
     * @param main its main class and arguments
     */
    RoleProcess(String name, int heapMib, List<String> main, Path log) {
        this.name = name;
        this.command = command(heapMib, main);
        this.log = log;
    }

    /* What starts fast: there are twelve of them on two cores, and each is started many times. */
    static List<String> command(int heapMib, List<String> main) {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx" + heapMib + "m",
                                "-Xss512k",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+ExitOnOutOfMemoryError",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path")));
        command.addAll(main);
        return List.copyOf(command);
    }

    String name() {
        return name;
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @throws IOException if it ends before that, or takes too long
     * @throws IllegalStateException if it is running; a second one would be nobody's to end
     */
    synchronized void start() throws IOException, InterruptedException {
        if (alive()) {
            throw new IllegalStateException(name + " is running already");
        }
        var started =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        process = started;
        var ready = new CompletableFuture<Void>();
        Thread.ofVirtual().name(name + "-output").start(() -> read(started, ready));
        try {
            ready.get(READY_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            started.destroyForcibly();
            throw new IOException(name + " did not get ready, see " + log, e);
        }
    }

    private static void read(Process started, CompletableFuture<Void> ready) {
        try (var output = new BufferedReader(started.inputReader(StandardCharsets.UTF_8))) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(READY)) {
                    ready.complete(null);
                }
            }
            ready.completeExceptionally(new IOException("it ended"));
        } catch (IOException e) {
            ready.completeExceptionally(e);
        }
    }

    /** Whether it runs, stopped by a signal or not. */
    synchronized boolean alive() {
        return process != null && process.isAlive();
    }

    /** {@code kill -9}, and waits until it is gone. */
    synchronized void kill() throws InterruptedException {
        running().destroyForcibly().waitFor();
    }

    /** {@code kill -STOP}. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** {@code kill -CONT}. */
    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private synchronized void signal(String signal) throws IOException, InterruptedException {
        var pid = Long.toString(running().pid());
        int exitCode = new ProcessBuilder("kill", "-" + signal, pid).start().waitFor();
        if (exitCode != 0) {
            throw new IOException("kill -%s %s: exit code %d".formatted(signal, name, exitCode));
        }
    }

    /**
     * {@code kill -TERM}.
     *
     * @return its exit code
     * @throws IOException if it does not end; it is killed then
     */
    synchronized int stop() throws IOException, InterruptedException {
        var stopped = running();
        stopped.destroy();
        if (!stopped.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            stopped.destroyForcibly().waitFor();
            throw new IOException(name + " did not stop within " + STOP_MAX);
        }
        return stopped.exitValue();
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return process;
    }

    @Override
    public synchronized void close() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }
}
