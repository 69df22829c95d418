package io.tidemark.faults;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Streams that are started at a steady rate, each by a {@link Client} of its own on a virtual
 * thread. What they ask for follows from the seed. Used once.
 */
final class Load {
    /** Most streams in flight; with more the load waits, which lowers its rate. */
    private static final int IN_FLIGHT_MAX = 600;

    private static final Duration CONNECT_MAX = Duration.ofSeconds(3);
    private static final Duration LATE_MAX = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final List<URI> edges;
    private final Random random;
    private final Duration length;
    private final Duration interval;
    private final InstantSource clock;
    private final Sightings sightings;
    private final Semaphore permits = new Semaphore(IN_FLIGHT_MAX);

    /**
     * A load.
     *
     * @param length for how long streams are started
     * @param rate how many of them in a second
     * @param clock the same as for faults
     * @param sightings told what clients see
     */
    Load(
            List<URI> edges,
            long seed,
            Duration length,
            int rate,
            InstantSource clock,
            Sightings sightings) {
        this.edges = edges;
        this.random = new Random(seed);
        this.length = length;
        this.clock = clock;
        this.sightings = sightings;
        this.interval = Duration.ofSeconds(1).dividedBy(rate);
    }

    /** Runs until the last client is done. */
    List<Held> run() throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var connections = new Connections();
                var http =
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_1_1)
                                .connectTimeout(CONNECT_MAX)
                                .build()) {
            var running = start(http, connections, threads);
            var held = new ArrayList<Held>();
            for (var client : running) {
                held.add(client.get());
            }
            http.shutdownNow();
            return held;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client failed", e.getCause());
        }
    }

    private List<Future<Held>> start(
            HttpClient http, Connections connections, ExecutorService threads)
            throws InterruptedException {
        var running = new ArrayList<Future<Held>>();
        var third = length.dividedBy(3);
        var longest = LONGEST.compareTo(third) < 0 ? LONGEST : third;
        long next = System.nanoTime();
        for (var at = Duration.ZERO; at.compareTo(length) < 0; at = at.plus(interval)) {
            var shape = StreamShape.draw(random, longest);
            var own = new Random(random.nextLong());
            long late = System.nanoTime() - next;
            Thread.sleep(Duration.ofNanos(Math.max(0, -late)));
            /* What a machine that slept has missed is not made up for at once. */
            next += interval.toNanos() + Math.max(0, late - LATE_MAX.toNanos());
            permits.acquire();
            running.add(
                    threads.submit(() -> {
                        try {
                            return new Client(
                                            http, edges, connections, shape, own, clock, sightings)
                                    .run();
                        } finally {
                            permits.release();
                        }
                    }));
        }
        return running;
    }
}
