package io.tidemark.projector.internal;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The memory that all RocksDB stores of one projector share. Without it every store of every
 * partition would take its own caches, and twelve partitions some gigabytes. Thread-safe.
 */
public final class RocksMemory implements AutoCloseable {
    /** Block cache, in bytes; write buffers are charged to it. */
    public static final long CACHE_BYTES = 64L * 1024 * 1024;

    /** The part of the cache that write buffers may take, in bytes. */
    public static final long WRITE_BUFFER_BYTES = 32L * 1024 * 1024;

    static {
        RocksDB.loadLibrary();
    }

    private final Cache cache = new LRUCache(CACHE_BYTES);
    private final WriteBufferManager writeBuffers =
            new WriteBufferManager(WRITE_BUFFER_BYTES, cache);

    Cache cache() {
        return cache;
    }

    WriteBufferManager writeBuffers() {
        return writeBuffers;
    }

    /** Gives the memory back; every store must be closed by then. */
    @Override
    public void close() {
        writeBuffers.close();
        cache.close();
    }
}
