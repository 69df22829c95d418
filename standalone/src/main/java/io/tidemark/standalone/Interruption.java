package io.tidemark.standalone;

import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a thread that works in the foreground clean up when the JVM is told to end, by SIGINT or
 * SIGTERM: the thread is interrupted, and the JVM waits for it to close this, for a while.
 */
final class Interruption implements AutoCloseable {
    private static final Duration CLEANING_UP_MAX = Duration.ofSeconds(20);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    private Interruption(Thread foreground) {
        this.hook =
                new Thread(
                        () -> {
                            foreground.interrupt();
                            awaitClosed();
                        },
                        "tidemark-interruption");
    }

    /** Watches over the calling thread until it closes this. */
    static Interruption ofThisThread() {
        var interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** Says that a command was interrupted, and returns its exit code. */
    static int report(CommandSpec spec) {
        Thread.currentThread().interrupt();
        spec.commandLine().getErr().println("tidemark: ended before its time");
        return ExitCode.SOFTWARE;
    }

    private void awaitClosed() {
        try {
            if (!closed.await(CLEANING_UP_MAX.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("tidemark: not everything could be cleaned up in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            /* The JVM ends, and the hook is what waited for this. */
        }
    }
}
