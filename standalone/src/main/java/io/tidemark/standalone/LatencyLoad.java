package io.tidemark.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.standalone.client.ReceivedEvent;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many clients that follow one stream each, over one path. The simulator writes its clock into
 * every token, so the age of a token when it is read is what the path costs.
 *
 * <p>Each client is a virtual thread; used once.
 */
final class LatencyLoad {
    private static final String CLOCK_MODEL = "sim-clock";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Shape shape;
    private final LatencyPath path;
    private final Latencies latencies = new Latencies();

    /**
     * The shape of a load.
     *
     * @param streams concurrent streams
     * @param rate events per second of each
     */
    record Shape(int streams, int rate, Duration warmup, Duration measured) {
        int tokens() {
            return (int) (rate * warmup.plus(measured).toSeconds());
        }
    }

    LatencyLoad(Shape shape, LatencyPath path) {
        this.shape = shape;
        this.path = path;
    }

    /**
     * Runs to the end of all streams.
     *
     * @param onWarm called once, when the warm-up is over
     * @return what was measured since then
     */
    Latencies run(Callable<?> onWarm) throws InterruptedException, IOException {
        try (path;
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            long measureFrom = System.nanoTime() + shape.warmup().toNanos();
            var running = new ArrayList<Future<?>>();
            running.add(
                    clients.submit(() -> {
                        Thread.sleep(shape.warmup());
                        return onWarm.call();
                    }));
            for (int i = 0; i < shape.streams(); i++) {
                running.add(
                        clients.submit(() -> {
                            follow(measureFrom);
                            return null;
                        }));
            }
            for (var client : running) {
                client.get();
            }
            return latencies;
        } catch (ExecutionException e) {
            throw new IOException("a client of the load failed", e.getCause());
        }
    }

    private void follow(long measureFrom) throws IOException, InterruptedException {
        try (var events = path.open(request())) {
            boolean completed = false;
            for (var event = events.next(); event.isPresent(); event = events.next()) {
                record(event.get(), System.nanoTime(), measureFrom);
                completed = path.completed(event.get());
            }
            /* The streams that are left have more room: what they take would flatter the path. */
            if (!completed) {
                throw new IOException("a stream of the load did not complete");
            }
        }
    }

    private void record(ReceivedEvent event, long readAt, long measureFrom) {
        var text = path.text(event).strip();
        if (!text.isEmpty() && readAt >= measureFrom) {
            long writtenAt = Long.parseLong(text);
            latencies.read(writtenAt, readAt);
            path.stampedAtMs(event).ifPresent(at -> latencies.stamped(writtenAt, at));
        }
    }

    private ObjectNode request() {
        var request = JSON.createObjectNode().put("model", CLOCK_MODEL).put("input", "tick");
        request.putObject("metadata")
                .put("sim_tokens", Integer.toString(shape.tokens()))
                .put("sim_ttft_ms", "0")
                .put("sim_token_ms", Integer.toString(1000 / shape.rate()));
        return request;
    }
}
