package io.tidemark.projector.internal;

import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;

import java.util.Map;

/**
 * Sets up each RocksDB store: shared memory, compression, few small write buffers. Kafka Streams
 * makes one by reflection and hands it the settings, in which the shared memory stands.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
    /** Setting with the {@link RocksMemory} to share. */
    public static final String MEMORY = "tidemark.projector.rocksdb.memory";

    private static final long WRITE_BUFFER_BYTES = 4L * 1024 * 1024;
    private static final int WRITE_BUFFERS_MAX = 3;

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        if (!(configs.get(MEMORY) instanceof RocksMemory memory)) {
            throw new IllegalArgumentException(MEMORY + " must be set");
        }
        if (!(options.tableFormatConfig() instanceof BlockBasedTableConfig table)) {
            throw new IllegalStateException("the table format must be block based");
        }
        table.setBlockCache(memory.cache());
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(memory.writeBuffers());
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(WRITE_BUFFERS_MAX);
        options.setCompressionType(CompressionType.LZ4_COMPRESSION);
        if (storeName.equals(ProjectorStores.RESPONSES)) {
            /* The large one: only level by level can the files around a key be rewritten alone. */
            options.setCompactionStyle(CompactionStyle.LEVEL);
        }
    }

    @Override
    public void close(String storeName, Options options) {
        // The memory is shared; the projector closes it after the last store.
    }
}
