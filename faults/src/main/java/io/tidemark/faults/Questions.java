package io.tidemark.faults;

import io.tidemark.schemas.StreamId;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Questions that are asked all the time, about single streams and lists, while a load goes on; and,
 * when everything is over, about every stream there was. Used once.
 */
final class Questions implements AutoCloseable {
    private static final int STREAM_ASKERS = 6;
    private static final int LIST_ASKERS = 2;

    private final Asker asker;
    private final KnownStreams streams;
    private final Random random;
    private final QueryTally ofStreams = new QueryTally();
    private final QueryTally ofLists = new QueryTally();
    private final QueryTally atTheEnd = new QueryTally();
    private final Patience.Whole whole = new Patience.Whole();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> asking = new ArrayList<>();

    Questions(List<URI> edges, KnownStreams streams, long seed) {
        this.asker = new Asker(edges);
        this.streams = streams;
        this.random = new Random(seed);
    }

    /** Begins to ask. */
    void begin() {
        for (int i = 0; i < STREAM_ASKERS; i++) {
            var queries = new StreamQueries(asker, streams, ofStreams, own(), whole);
            asking.add(threads.submit(() -> queries.until(over)));
        }
        for (int i = 0; i < LIST_ASKERS; i++) {
            var queries = new ListQueries(asker, streams, ofLists, own(), whole);
            asking.add(threads.submit(() -> queries.until(over)));
        }
    }

    private Random own() {
        return new Random(random.nextLong());
    }

    /** Nothing is done to anything any more: asks nothing new, and returns when all is answered. */
    void end() throws InterruptedException {
        whole.begin();
        over.countDown();
        await(asking);
    }

    /** Asks every edge for every stream, and for the list of all. */
    void askForAll(Set<StreamId> all, Ledger ledger) throws InterruptedException {
        var sweeps = new ArrayList<Future<?>>();
        for (int edge = 0; edge < asker.edges(); edge++) {
            int number = edge;
            var own = own();
            sweeps.add(threads.submit(sweep(number, all, ledger, own)));
        }
        await(sweeps);
        var listed =
                new ListQueries(asker, streams, atTheEnd, own(), whole)
                        .walk(ListFilter.ALL)
                        .listed();
        for (var id : all) {
            if (!listed.contains(id)) {
                atTheEnd.wrong("list of all", "stream " + id + " is not in it");
            }
        }
        for (var id : listed) {
            if (!all.contains(id)) {
                atTheEnd.wrong("list of all", "stream " + id + " was never started");
            }
        }
    }

    private Callable<Void> sweep(int edge, Set<StreamId> all, Ledger ledger, Random own) {
        var patience = new Patience(atTheEnd, own, whole);
        return () -> {
            for (var id : all) {
                patience.ask(
                        "stream " + id,
                        () -> {
                            var answer = asker.get(edge, "/v1/streams/" + id, -1);
                            return ledger.judge(id, answer);
                        });
            }
            return null;
        };
    }

    private static void await(List<Future<?>> running) throws InterruptedException {
        try {
            for (var one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody could ask", e.getCause());
        }
    }

    /** What was answered when single streams were asked for. */
    QueryTally ofStreams() {
        return ofStreams;
    }

    /** What was answered when lists were asked for. */
    QueryTally ofLists() {
        return ofLists;
    }

    /** What was answered when everything was over. */
    QueryTally atTheEnd() {
        return atTheEnd;
    }

    @Override
    public void close() {
        over.countDown();
        threads.shutdownNow();
        asker.close();
    }
}
