package io.tidemark.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks a projector for responses, and how long it is from the log's acknowledgement of a terminal
 * event to an answer that has it. Thread-safe.
 */
final class ProjectorQueries implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProjectorQueries.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER_MAX = Duration.ofMinutes(10);
    private static final Duration ENDING_MAX = Duration.ofMinutes(1);
    private static final int WAIT_MS = 10_000;
    private static final int LOOK_AGAIN_MS = 5;
    private static final int OK = 200;
    private static final long NANOS_MAX = Duration.ofMinutes(5).toNanos();

    private final URI projector;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor();
    private final Histogram lags = new ConcurrentHistogram(NANOS_MAX, 3);
    private final AtomicLong missing = new AtomicLong();

    ProjectorQueries(URI projector) {
        this.projector = projector;
    }

    /** Waits until a projector has come to the end of a stream. */
    void awaitEnd(LoadStream stream) throws InterruptedException {
        if (!found(stream, ANSWER_MAX)) {
            throw new BenchFailedException(
                    "the projector was not at the end of the log after " + ANSWER_MAX);
        }
    }

    /**
     * Asks for a stream whose end the log has taken just now, on another thread, until it is there.
     *
     * @param counted whether the time counts
     */
    void ended(LoadStream stream, boolean counted) {
        long from = System.nanoTime();
        asking.execute(() -> {
            try {
                if (!found(stream, ENDING_MAX)) {
                    missing.incrementAndGet();
                } else if (counted) {
                    lags.recordValue(Math.clamp(System.nanoTime() - from, 0, NANOS_MAX));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /* What is refused, cut off or not there yet is asked for again: the time goes on. */
    private boolean found(LoadStream stream, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        do {
            try {
                if (isWhole(ask(stream), stream)) {
                    return true;
                }
            } catch (IOException e) {
                LOGGER.atDebug().addKeyValue("error", e.getClass()).log("query cut off");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
        } while (System.nanoTime() < deadline);
        return false;
    }

    private HttpResponse<byte[]> ask(LoadStream stream) throws IOException, InterruptedException {
        var query = "?minSequence=" + stream.last() + "&waitMs=" + WAIT_MS;
        var request =
                HttpRequest.newBuilder(projector.resolve("/v1/responses/" + stream.id() + query));
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static boolean isWhole(HttpResponse<byte[]> answer, LoadStream stream)
            throws IOException {
        if (answer.statusCode() != OK) {
            return false;
        }
        var response = JSON.readTree(answer.body());
        return response.path("status").asText().equals("completed")
                && response.path("lastSequence").asLong() == stream.last();
    }

    /** Nanoseconds of what counted; complete when this is closed. */
    Histogram lags() {
        return lags;
    }

    /** Streams that were not found whole within a minute of their end. */
    long missing() {
        return missing.get();
    }

    /** Waits for the answers that are not there yet. */
    void finish() throws InterruptedException {
        asking.shutdown();
        if (!asking.awaitTermination(2 * ENDING_MAX.toSeconds(), TimeUnit.SECONDS)) {
            throw new BenchFailedException(
                    "queries were not answered after " + ENDING_MAX.multipliedBy(2));
        }
    }

    @Override
    public void close() {
        asking.shutdownNow();
        http.shutdownNow();
    }
}
