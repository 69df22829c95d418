package io.tidemark.projector.internal;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.RocksDBStore;
import org.jspecify.annotations.Nullable;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

import java.lang.reflect.Field;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A RocksDB store whose files can be rewritten, so that nothing is left in them of what was
 * deleted.
 *
 * <p>Kafka Streams shows nobody the database that it opens. It is taken from the field in which it
 * keeps it; a version of Kafka Streams without that field fails at the first store.
 *
 * <p>Used by its stream thread like any store; {@link #rewrite} is for another thread, and ends
 * early when the store is closed.
 */
final class ErasableStore extends RocksDBStore {
    private static final String METRICS_SCOPE = "rocksdb";
    private static final Field DATABASE = database();

    private final StoreFiles files;
    /* Closing the store closes the database, which nobody may use then. */
    private final ReentrantLock rewriting = new ReentrantLock();
    /* Guards the next two. */
    private final Object cancelling = new Object();
    private @Nullable CompactRangeOptions underWay;
    private boolean closing;
    private int partition;

    private ErasableStore(String name, StoreFiles files) {
        super(name, METRICS_SCOPE);
        this.files = files;
    }

    /** Makes stores of one name. */
    record Supplier(String name, StoreFiles files) implements KeyValueBytesStoreSupplier {
        @Override
        public KeyValueStore<Bytes, byte[]> get() {
            return new ErasableStore(name, files);
        }

        @Override
        public String metricsScope() {
            return METRICS_SCOPE;
        }
    }

    private static Field database() {
        try {
            var field = RocksDBStore.class.getDeclaredField("db");
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(
                    "this version of Kafka Streams keeps its database elsewhere", e);
        }
    }

    @Override
    public void init(StateStoreContext taskContext, StateStore root) {
        super.init(taskContext, root);
        synchronized (cancelling) {
            closing = false;
        }
        partition = taskContext.taskId().partition();
        files.opened(this, partition);
    }

    /**
     * Rewrites the files in which there may be something between two keys.
     *
     * @param from first key; null for the first there is
     * @param to last key; null for the last there is
     */
    void rewrite(byte @Nullable [] from, byte @Nullable [] to) throws RocksDBException {
        rewriting.lock();
        try (var how = new CompactRangeOptions()) {
            how.setExclusiveManualCompaction(false)
                    .setBottommostLevelCompaction(BottommostLevelCompaction.kForceOptimized);
            if (begins(how)) {
                compact(from, to, how);
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("the database cannot be reached", e);
        } finally {
            rewriting.unlock();
        }
    }

    private void compact(byte @Nullable [] from, byte @Nullable [] to, CompactRangeOptions how)
            throws RocksDBException, IllegalAccessException {
        try {
            ((RocksDB) DATABASE.get(this)).compactRange(null, from, to, how);
        } finally {
            ends();
        }
    }

    private boolean begins(CompactRangeOptions how) {
        synchronized (cancelling) {
            boolean possible = !closing && isOpen();
            underWay = possible ? how : null;
            return possible;
        }
    }

    /* Before the options go, which nobody may touch then. */
    private void ends() {
        synchronized (cancelling) {
            underWay = null;
        }
    }

    private void cancel() {
        synchronized (cancelling) {
            closing = true;
            if (underWay != null) {
                underWay.setCanceled(true);
            }
        }
    }

    @Override
    public synchronized void close() {
        files.closed(this, partition);
        cancel();
        rewriting.lock();
        try {
            super.close();
        } finally {
            rewriting.unlock();
        }
    }
}
