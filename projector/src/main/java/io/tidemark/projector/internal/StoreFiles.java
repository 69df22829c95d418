package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The files of the stores with content. RocksDB deletes by writing that something is deleted: the
 * bytes stay in files until these are rewritten, which it may put off for ever. Here they are
 * rewritten soon, one after the other on a thread of its own, since that may take a while.
 *
 * <p>What waits is bounded: beyond {@value #STRETCHES_MAX} stretches of keys, whole stores are
 * rewritten. Thread-safe.
 */
public final class StoreFiles implements AutoCloseable {
    /** Most stretches of keys that wait. */
    static final int STRETCHES_MAX = 10_000;

    /* A store that others keep content in would be named here as well. Lists have none. */
    private static final List<String> WITH_CONTENT =
            List.of(ProjectorStores.RESPONSES, ProjectorStores.PIECES);

    private static final Logger LOGGER = LoggerFactory.getLogger(StoreFiles.class);
    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    /** A store of a partition. */
    private record Place(String store, int partition) {}

    /** What is to be rewritten: the files around a stream's keys, or without a stream all files. */
    private record Stretch(Place place, @Nullable StreamId id) {}

    private final ProjectorMetrics metrics;
    private final Map<Place, ErasableStore> stores = new ConcurrentHashMap<>();
    private final Set<Stretch> waiting = new LinkedHashSet<>(); // guarded by itself
    private final Thread thread;

    /** No store is open yet. */
    public StoreFiles(ProjectorMetrics metrics) {
        this.metrics = metrics;
        this.thread =
                Thread.ofPlatform().name("tidemark-projector-files").daemon().start(this::run);
    }

    /** Makes the stores of a name, whose files are looked after here. */
    public KeyValueBytesStoreSupplier supplier(String name) {
        return new ErasableStore.Supplier(name, this);
    }

    void opened(ErasableStore store, int partition) {
        stores.put(new Place(store.name(), partition), store);
    }

    void closed(ErasableStore store, int partition) {
        stores.remove(new Place(store.name(), partition), store);
    }

    /** Rewrites what may hold something of a stream, a little later. */
    void rewrite(int partition, StreamId id) {
        for (var store : WITH_CONTENT) {
            /* Open streams are few: all of their files are rewritten together. */
            boolean large = store.equals(ProjectorStores.RESPONSES);
            add(new Stretch(new Place(store, partition), large ? id : null));
        }
    }

    /** Rewrites all there is of a partition, a little later. */
    void rewrite(int partition) {
        WITH_CONTENT.forEach(store -> add(new Stretch(new Place(store, partition), null)));
    }

    private void add(Stretch stretch) {
        if (!stores.containsKey(stretch.place())) {
            return;
        }
        synchronized (waiting) {
            if (waiting.size() < STRETCHES_MAX) {
                waiting.add(stretch);
            } else {
                waiting.removeIf(it -> it.place().equals(stretch.place()));
                waiting.add(new Stretch(stretch.place(), null));
            }
            waiting.notifyAll();
        }
    }

    private void run() {
        try {
            while (true) {
                rewrite(next());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Stretch next() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty()) {
                waiting.wait();
            }
            var first = waiting.iterator();
            var stretch = first.next();
            first.remove();
            return stretch;
        }
    }

    private void rewrite(Stretch stretch) {
        var store = stores.get(stretch.place());
        if (store == null) {
            return;
        }
        long begun = System.nanoTime();
        try {
            if (stretch.id() == null) {
                store.rewrite(null, null);
            } else {
                store.rewrite(stretch.id().key(), behind(stretch.id()));
            }
            metrics.rewritten(Duration.ofNanos(System.nanoTime() - begun));
        } catch (RocksDBException e) {
            /* A store that was closed meanwhile is looked after when it is opened again. */
            if (store.equals(stores.get(stretch.place()))) {
                LOGGER.atWarn()
                        .addKeyValue("storeName", stretch.place().store())
                        .addKeyValue("partition", stretch.place().partition())
                        .addKeyValue("error", e.toString())
                        .log("store files not rewritten, erased content may be left in them");
            }
        }
    }

    private static byte[] behind(StreamId id) {
        return Arrays.copyOf(id.key(), StreamId.LENGTH + 1);
    }

    /** Stops the thread; every store must be closed by then. Waits a few seconds at most. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            if (!thread.join(STOP_MAX)) {
                LOGGER.atWarn().addKeyValue("thread", thread.getName()).log("did not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
