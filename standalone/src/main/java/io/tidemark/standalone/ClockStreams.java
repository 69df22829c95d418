package io.tidemark.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.standalone.load.Fleet;
import io.tidemark.standalone.load.StreamRequest;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Streams of the simulator whose tokens say when they were due. Immutable.
 *
 * @param tokens of each stream
 * @param silence from the request to the first token
 * @param interval from token to token, in whole milliseconds; zero for none
 */
record ClockStreams(int tokens, Duration silence, Duration interval) {
    /** The most events a second that a stream can have. */
    static final int RATE_MAX = 1_000;

    /** The provider's dialect that they are in. */
    static final String API = "openai.responses";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Streams of so many events a second, or the next higher rate that is whole milliseconds. */
    static ClockStreams of(int rate, Duration length, Duration silence) {
        var interval = Duration.ofMillis(RATE_MAX / rate);
        int tokens = (int) Math.max(1, length.toMillis() / interval.toMillis());
        return new ClockStreams(tokens, silence, interval);
    }

    /** Events a second of each, as they really come. */
    double rate() {
        return (double) RATE_MAX / interval.toMillis();
    }

    /** From the request to the last token, as it is meant to be. */
    Duration length() {
        return silence.plus(interval.multipliedBy(tokens));
    }

    /** The provider's request for one. */
    ObjectNode request() {
        var request = JSON.createObjectNode().put("model", "sim-clock").put("input", "tick");
        request.putObject("metadata")
                .put("sim_punctual", "true")
                .put("sim_tokens", Integer.toString(tokens))
                .put("sim_ttft_ms", Long.toString(silence.toMillis()))
                .put("sim_token_ms", Long.toString(interval.toMillis()));
        return request;
    }

    /**
     * Starts streams, all at once.
     *
     * @return how their events are asked for
     * @throws IOException if one cannot be started
     */
    List<StreamRequest> start(URI server, int count) throws IOException, InterruptedException {
        try (var client = new TidemarkClient(server);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var starting = new ArrayList<Future<String>>();
            for (int i = 0; i < count; i++) {
                starting.add(threads.submit(() -> client.start(API, request())));
            }
            var started = new ArrayList<StreamRequest>();
            for (var id : starting) {
                started.add(events(id.get()));
            }
            return started;
        } catch (ExecutionException e) {
            throw new IOException("a stream of the load could not be started", e.getCause());
        }
    }

    /**
     * Waits until streams have ended.
     *
     * @throws BenchFailedException if they have not after some time, or not as they should
     */
    static void awaitEnd(URI server, List<StreamRequest> requests, Duration longest)
            throws InterruptedException {
        try (var fleet = new Fleet(server)) {
            var ends = new Latencies(0, 0);
            for (var request : requests) {
                fleet.run(fleet.add(request, ends)::open);
            }
            fleet.await(ends::ended, requests.size(), longest);
            if (!fleet.tally().correct()) {
                throw new BenchFailedException(
                        "streams had not come to their end after %s: %s"
                                .formatted(longest, fleet.tally()));
            }
        }
    }

    /** How the events of a stream are asked for. */
    static StreamRequest events(String id) {
        return new StreamRequest.Events("/v1/streams/" + id + "/events");
    }
}
