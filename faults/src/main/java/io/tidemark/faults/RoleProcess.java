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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;

/**
 * A part of the installation as a process that is started, hit and started again. What it logs goes
 * to a file, over all its lives. Thread-safe; one fault at a time.
 *
 * <p>It has a supervisor's policy for the one case in which ending is right: a role that is started
 * while Kafka is away gives up after a while, and whoever runs it starts it again. One that had
 * been ready may not end by itself.
 */
final class RoleProcess implements AutoCloseable {
    /** What it says on standard output when it works. */
    static final String READY = "tidemark ready ";

    private static final Duration READY_MAX = Duration.ofMinutes(4);
    private static final Duration STOP_MAX = Duration.ofSeconds(60);

    /** How often a start that is excused is tried again; a role gives up after half a minute. */
    static final int STARTED_AGAIN_MAX = 8;

    private final String name;
    private final List<String> command;
    private final Path log;
    private final LongPredicate excusedSince;
    private final AtomicInteger startedAgain = new AtomicInteger();
    /* Written by the thread that starts it, which holds the lock for as long as that takes. */
    private volatile @Nullable Process process;
    private volatile boolean closed;
    /* Written by the thread that starts it; of the last process that got ready. */
    private volatile @Nullable Ready ready;

    private record Ready(Process process, long at) {}

    /**
     * A process that is not started yet.
     *
     * @param command all of it
     * @param excusedSince whether one that was started at that {@link System#nanoTime} may end
     *     before it is ready
     */
    RoleProcess(String name, List<String> command, Path log, LongPredicate excusedSince) {
        this.name = name;
        this.command = List.copyOf(command);
        this.log = log;
        this.excusedSince = excusedSince;
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

    /** How often it ended before it was ready, was excused, and was started again. */
    int startedAgain() {
        return startedAgain.get();
    }

    /**
     * Whether it was not ready at some time since then.
     *
     * @param nanos of {@link System#nanoTime}
     */
    boolean awaySince(long nanos) {
        var last = ready;
        return last == null || !last.process().isAlive() || last.at() - nanos > 0;
    }

    /**
     * Starts it and waits until it is ready; again, if it may end before that.
     *
     * @throws IOException if it ends before that and may not, or takes too long
     * @throws IllegalStateException if it is running; a second one would be nobody's to end
     */
    synchronized void start() throws IOException, InterruptedException {
        if (alive()) {
            throw new IllegalStateException(name + " is running already");
        }
        for (int again = 0; ; again++) {
            long from = System.nanoTime();
            try {
                startOnce();
                return;
            } catch (ExecutionException e) {
                if (again == STARTED_AGAIN_MAX || !excusedSince.test(from) || closed) {
                    throw notReady(e);
                }
                startedAgain.incrementAndGet();
            } catch (TimeoutException e) {
                throw notReady(e);
            }
        }
    }

    private IOException notReady(Exception cause) {
        return new IOException(name + " did not get ready, see " + log, cause);
    }

    private void startOnce()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        var started =
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        process = started;
        if (closed) {
            started.destroyForcibly();
        }
        var said = new CompletableFuture<Void>();
        Thread.ofVirtual().name(name + "-output").start(() -> read(started, said));
        try {
            said.get(READY_MAX.toMillis(), TimeUnit.MILLISECONDS);
            ready = new Ready(started, System.nanoTime());
        } catch (ExecutionException | TimeoutException e) {
            started.destroyForcibly().waitFor();
            throw e;
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
    boolean alive() {
        var last = process;
        return last != null && last.isAlive();
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
        var last = process;
        if (last == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return last;
    }

    /** Kills it and waits until it is gone; one that is being started does not get ready. */
    @Override
    public void close() {
        closed = true;
        var last = process;
        if (last != null) {
            last.destroyForcibly().onExit().join();
        }
    }
}
