package io.tidemark.faults;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.standalone.client.EventStream;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A client that does what {@code docs/protocol.md} lets it hope for: starts a stream, cancels it if
 * it means to, and comes back with {@code Last-Event-ID} to one edge or the other until it has the
 * terminal event.
 *
 * <p>Its patience: an answer has {@value #ANSWER_SECONDS} s to begin; a connection without an event
 * is given up after {@link Connections#SILENCE_MAX}, for the edge may have stopped; a start is
 * tried for a minute; and the whole takes at most twice what the stream lasts and three minutes
 * more. Confined to one thread, and used once.
 */
final class Client {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ANSWER_SECONDS = 10;

    /** How long a start is tried. */
    static final Duration START_MAX = Duration.ofMinutes(1);

    private static final Duration GRACE = Duration.ofMinutes(3);
    private static final int PAUSE_MS_MIN = 100;
    private static final int PAUSE_MS_MAX = 700;

    private final HttpClient http;
    private final List<URI> edges;
    private final Connections connections;
    private final StreamShape shape;
    private final Random random;
    private final InstantSource clock;
    private final Sightings sightings;
    private final Instant from;
    private final long startedAt = System.nanoTime();

    private final List<Long> events = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private int connected;
    private boolean ended;
    private int edge;
    /* Written by the thread that cancels, which is awaited before it is read. */
    private @Nullable Instant cancelledAt;
    private long leftAt = startedAt;
    private Duration absent = Duration.ZERO;

    Client(
            HttpClient http,
            List<URI> edges,
            Connections connections,
            StreamShape shape,
            Random random,
            InstantSource clock,
            Sightings sightings) {
        this.http = http;
        this.edges = edges;
        this.connections = connections;
        this.shape = shape;
        this.random = random;
        this.clock = clock;
        this.sightings = sightings;
        this.from = clock.instant();
        this.edge = random.nextInt(edges.size());
    }

    /** Runs to the end of the stream, or of its patience. */
    Held run() throws InterruptedException {
        var id = start();
        if (id != null) {
            var cancelAfter = shape.cancelAfter();
            var canceller =
                    cancelAfter == null
                            ? null
                            : Thread.ofVirtual().start(() -> cancel(id, cancelAfter));
            var longest = shape.lasts().multipliedBy(2).plus(GRACE);
            while (!ended && broken.isEmpty() && within(longest)) {
                follow(id);
            }
            if (canceller != null) {
                canceller.interrupt();
                canceller.join();
            }
        }
        return new Held(shape, from, id, ended, events, connected, broken, cancelledAt, absent);
    }

    private boolean within(Duration longest) {
        return System.nanoTime() - startedAt < longest.toNanos();
    }

    /* A start that was not acknowledged may count all the same: the audit sees what became of it. */
    private @Nullable String start() throws InterruptedException {
        while (within(START_MAX)) {
            leftAt = System.nanoTime();
            var id = post("/v1/streams", shape.request().toString(), 201);
            if (id != null) {
                sightings.started(id, shape);
                return id;
            }
            turnToTheOther();
        }
        return null;
    }

    private void cancel(String id, Duration after) {
        try {
            Thread.sleep(after);
            for (int at = 0; post(at, "/v1/streams/" + id + "/cancel", "", 202) == null; at++) {
                Thread.sleep(PAUSE_MS_MAX);
            }
            cancelledAt = clock.instant();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable String post(String path, String body, int status)
            throws InterruptedException {
        return post(edge, path, body, status);
    }

    /** The id in the answer, if it has that status or is 200. */
    private @Nullable String post(int at, String path, String body, int status)
            throws InterruptedException {
        var request =
                HttpRequest.newBuilder(edges.get(at % edges.size()).resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build();
        try {
            var response = send(request, BodyHandlers.ofString());
            if (response.statusCode() != status && response.statusCode() != 200) {
                return null;
            }
            return JSON.readTree(response.body()).path("requestId").asText(null);
        } catch (IOException e) {
            return null;
        }
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        var sent = http.sendAsync(request, body);
        try {
            return sent.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw new IOException(e);
        }
    }

    private void follow(String id) throws InterruptedException {
        var request =
                HttpRequest.newBuilder(edges.get(edge).resolve("/v1/streams/" + id + "/events"))
                        .header("Accept", "text/event-stream");
        if (!events.isEmpty()) {
            request.header("Last-Event-ID", Integer.toString(events.size() - 1));
        }
        try {
            var response = send(request.build(), BodyHandlers.ofInputStream());
            connected++;
            switch (response.statusCode()) {
                case 200 -> read(id, response.body());
                case 503 -> response.body().close();
                default -> broken.add(refusal(response));
            }
        } catch (IOException e) {
            // A connection that broke, which is what this is about.
        }
        if (!ended) {
            turnToTheOther();
        }
    }

    private String refusal(HttpResponse<InputStream> response) throws IOException {
        try (var body = response.body()) {
            return "HTTP %d after %d events: %s"
                    .formatted(
                            response.statusCode(),
                            events.size(),
                            new String(body.readNBytes(500), StandardCharsets.UTF_8));
        }
    }

    private void turnToTheOther() throws InterruptedException {
        edge = (edge + 1) % edges.size();
        Thread.sleep(random.nextInt(PAUSE_MS_MIN, PAUSE_MS_MAX));
    }

    private void read(String id, InputStream body) throws IOException {
        var away = Duration.ofNanos(System.nanoTime() - leftAt);
        absent = away.compareTo(absent) > 0 ? away : absent;
        try {
            readEvents(id, body);
        } finally {
            leftAt = System.nanoTime();
        }
    }

    private void readEvents(String id, InputStream body) throws IOException {
        try (var stream = EventStream.of(body);
                var watched = connections.watch(stream)) {
            for (var event = stream.next(); event.isPresent(); event = stream.next()) {
                watched.heard();
                if (event.get().sequence() != events.size()) {
                    broken.add(
                            "expected sequence %d, received %d"
                                    .formatted(events.size(), event.get().sequence()));
                    return;
                }
                events.add(Digest.of(event.get().data().getBytes(StandardCharsets.UTF_8)));
                ended = event.get().terminal();
                sightings.saw(id, edge, event.get().sequence(), ended);
            }
        }
    }
}
