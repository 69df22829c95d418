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
import java.util.function.BooleanSupplier;

/**
 * Streams that are started at a steady rate, each by a {@link Client} of its own on a virtual
 * thread. What they ask for follows from the seed. Used once.
 */
final class Load {
    /** Most streams in flight; with more the load waits, which lowers its rate. */
    private static final int IN_FLIGHT_MAX = 600;

    private static final Duration CONNECT_MAX = Duration.ofSeconds(3);
    private static final Duration LATE_MAX = Duration.ofSeconds(5);

    private final List<URI> edges;
    private final Random random;
    private final Pace pace;
    private final InstantSource clock;
    private final Sightings sightings;
    private final Semaphore permits = new Semaphore(IN_FLIGHT_MAX);

    /**
     * How much of it there is. Immutable.
     *
     * @param length for how long streams are started
     * @param rate how many of them in a second
     * @param longest how long the provider sends the longest answers
     */
    record Pace(Duration length, int rate, Duration longest) {
        private Duration interval() {
            return Duration.ofSeconds(1).dividedBy(rate);
        }
    }

    /**
     * A load.
     *
     * @param clock the same as for faults
     * @param sightings told what clients see
     */
    Load(List<URI> edges, long seed, Pace pace, InstantSource clock, Sightings sightings) {
        this.edges = edges;
        this.random = new Random(seed);
        this.pace = pace;
        this.clock = clock;
        this.sightings = sightings;
    }

    /**
     * Runs until the last client is done.
     *
     * @param goesOn asked when the length is over: whether streams are to be started all the same
     */
    List<Held> run(BooleanSupplier goesOn) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var connections = new Connections();
                var http =
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_1_1)
                                .connectTimeout(CONNECT_MAX)
                                .build()) {
            var running = start(http, connections, threads, goesOn);
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
            HttpClient http,
            Connections connections,
            ExecutorService threads,
            BooleanSupplier goesOn)
            throws InterruptedException {
        var running = new ArrayList<Future<Held>>();
        var interval = pace.interval();
        long next = System.nanoTime();
        for (var at = Duration.ZERO;
                at.compareTo(pace.length()) < 0 || goesOn.getAsBoolean();
                at = at.plus(interval)) {
            var shape = StreamShape.draw(random, pace.longest());
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
