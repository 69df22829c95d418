package io.tidemark.standalone;

import io.tidemark.schemas.StreamId;
import io.tidemark.standalone.client.TidemarkClient;
import io.tidemark.standalone.load.Fleet;
import io.tidemark.standalone.load.ReaderListener;
import io.tidemark.standalone.load.SseReader;
import io.tidemark.standalone.load.Tally;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Streams side by side at the edges of an installation, each with one reader at the edge where it
 * was started; where one ends the next begins, until it is told to begin no more. So there are
 * never more of them than places, however fast they go.
 *
 * <p>Thread-safe. Each place is a virtual thread, and each edge a fleet.
 */
final class StreamRelay implements AutoCloseable {
    private static final Duration STREAM_MAX = Duration.ofMinutes(5);

    private final ClockStreams clock;
    private final Latencies all;
    private final List<Side> sides = new ArrayList<>();
    private final List<Future<?>> places = new ArrayList<>();
    private final Queue<StreamId> started = new ConcurrentLinkedQueue<>();
    private final Set<StreamId> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean stopped;

    private StreamRelay(ClockStreams clock, Latencies all) {
        this.clock = clock;
        this.all = all;
    }

    /**
     * Begins the first streams.
     *
     * @param edges where, in turn
     * @param streams how many at a time
     * @param seen the period in which events count; gets them when all streams have ended
     */
    static StreamRelay start(List<URI> edges, int streams, ClockStreams clock, Latencies seen) {
        var relay = new StreamRelay(clock, seen);
        edges.forEach(edge -> relay.sides.add(new Side(edge, seen)));
        for (int i = 0; i < streams; i++) {
            var side = relay.sides.get(i % edges.size());
            relay.places.add(
                    relay.threads.submit(() -> {
                        relay.run(side);
                        return null;
                    }));
        }
        return relay;
    }

    /** What goes to one edge. */
    private static final class Side implements AutoCloseable {
        private final Fleet fleet;
        private final Latencies seen;
        private final Queue<TidemarkClient> clients = new ConcurrentLinkedQueue<>();
        private volatile TidemarkClient client;

        Side(URI edge, Latencies period) {
            fleet = new Fleet(edge);
            seen = new Latencies(period.from(), period.until());
            client = connected(edge);
        }

        /* Closed with the side: one that was replaced may still be waiting for an answer. */
        private TidemarkClient connected(URI edge) {
            var made = new TidemarkClient(edge);
            clients.add(made);
            return made;
        }

        void moveTo(URI edge) {
            fleet.moveTo(edge);
            client = connected(edge);
        }

        @Override
        public void close() {
            fleet.close();
            clients.forEach(TidemarkClient::close);
        }
    }

    /** One stream of a place. */
    private static final class Turn implements ReaderListener {
        private final Latencies seen;
        private final CountDownLatch over = new CountDownLatch(1);

        Turn(Latencies seen) {
            this.seen = seen;
        }

        @Override
        public void attached(SseReader reader) {
            seen.attached(reader);
        }

        @Override
        public void event(SseReader reader, long dueAt, long stampedAtMs, long readAt) {
            seen.event(reader, dueAt, stampedAtMs, readAt);
        }

        @Override
        public void ended(SseReader reader) {
            seen.ended(reader);
            over.countDown();
        }

        boolean awaitOver(Duration longest) throws InterruptedException {
            return over.await(longest.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /* A stream that does not end in time is the last of its place; the tally tells of it. */
    private void run(Side side) throws IOException, InterruptedException {
        boolean over = true;
        while (over && !stopped) {
            var text = side.client.start(ClockStreams.API, clock.request());
            var id = StreamId.parse(text);
            started.add(id);
            open.add(id);
            var turn = new Turn(side.seen);
            side.fleet.run(side.fleet.add(ClockStreams.events(text), turn)::open);
            over = turn.awaitOver(clock.length().plus(STREAM_MAX));
            if (over) {
                open.remove(id);
            }
        }
    }

    /** The streams that were started and have not ended. */
    Set<StreamId> open() {
        return Set.copyOf(open);
    }

    /** The streams that were started so far. */
    List<StreamId> started() {
        return List.copyOf(started);
    }

    /** How many events have been read so far. */
    long events() {
        return tally().events();
    }

    private Tally tally() {
        return sides.stream().map(side -> side.fleet.tally()).reduce(Tally.NONE, Tally::plus);
    }

    /** Sends what goes to an edge, by its place in the list, to another address from now on. */
    void moveTo(int edge, URI address) {
        sides.get(edge).moveTo(address);
    }

    /**
     * Begins no more streams, and waits until those that run have ended.
     *
     * @return what all readers have seen
     * @throws IOException if a stream could not be started
     */
    Tally finish() throws IOException, InterruptedException {
        stopped = true;
        for (var place : places) {
            try {
                place.get();
            } catch (ExecutionException e) {
                throw new IOException("a stream of the load could not be started", e.getCause());
            }
        }
        var tally = tally();
        sides.forEach(side -> all.add(side.seen));
        return tally;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        sides.forEach(Side::close);
    }
}
