package io.tidemark.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks {@code /readyz}, as whoever replaces processes one by one does. Thread-safe. */
final class Readiness implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_MAX).build();

    /**
     * Waits until the answer is 200, or until time is up.
     *
     * @param process where it answers
     */
    boolean await(URI process, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (System.nanoTime() - deadline < 0) {
            if (ready(process)) {
                return true;
            }
            Thread.sleep(POLL);
        }
        return false;
    }

    private boolean ready(URI process) throws InterruptedException {
        var request = HttpRequest.newBuilder(process.resolve("/readyz")).timeout(ANSWER_MAX);
        try {
            return http.send(request.build(), BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
