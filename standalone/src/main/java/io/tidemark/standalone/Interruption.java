package io.tidemark.standalone;

import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a thread that works in the foreground clean up when the JVM is told to end, by SIGINT or
 * SIGTERM: the thread is interrupted, and the JVM waits for its work to return, for a while.
 */
final class Interruption {
    /** What a command does in the foreground, with all that it has to say about how that ended. */
    @FunctionalInterface
    interface Foreground {
        /** Returns the command's exit code, in good time after the thread was interrupted. */
        int run() throws IOException;
    }

    private static final Duration CLEANING_UP_MAX = Duration.ofSeconds(20);

    private final CountDownLatch returned = new CountDownLatch(1);
    private final Thread hook;

    private Interruption(Thread foreground) {
        this.hook =
                new Thread(
                        () -> {
                            foreground.interrupt();
                            awaitReturned();
                        },
                        "tidemark-interruption");
    }

    /**
     * Works in the calling thread. A JVM that ends halts as soon as this returns: what is said
     * after it may be lost.
     *
     * @return what the work returned
     */
    static int during(Foreground work) throws IOException {
        var interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        try {
            return work.run();
        } finally {
            interruption.end();
        }
    }

    /** Says that a command was interrupted, and returns its exit code. */
    static int report(CommandSpec spec) {
        Thread.currentThread().interrupt();
        spec.commandLine().getErr().println("tidemark: ended before its time");
        return ExitCode.SOFTWARE;
    }

    private void awaitReturned() {
        try {
            if (!returned.await(CLEANING_UP_MAX.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("tidemark: not everything could be cleaned up in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        returned.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            /* The JVM ends, and the hook is what waited for this. */
        }
    }
}
