package io.tidemark.projector.internal;

import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.UsageRow;

import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The streams of one partition by tenant and time, for lists, and how far the partition's log is
 * taken in. Kept in the store {@code streams}, under keys of three kinds:
 *
 * <pre>
 *   id                      -&gt; tenant, in UTF-8, so that an entry is found by its id alone
 *   0x80, tenant, 0x00, id  -&gt; {@link StreamEntry}; the tenant is empty for streams of nobody
 *   0xFF                    -&gt; offset behind the last event taken in, 8 bytes, big-endian
 * </pre>
 *
 * <p>No tenant's keys are a part of another's range, for a tenant has no zero byte. Ids come first
 * and in order of time, which is what a {@link Sweep} goes by. Confined to the stream thread of its
 * partition, but for what is static.
 */
final class StreamIndex {
    private static final byte LISTED = (byte) 0x80;
    private static final byte[] TAKEN_IN = {(byte) 0xFF};

    /** Longest tenant that has a list; the contract allows no longer one. */
    static final int TENANT_BYTES_MAX = 128;

    private final KeyValueStore<byte[], byte[]> store;

    StreamIndex(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
    }

    /** Lists a stream that begins with this event, if it can be read. */
    void begin(StreamId id, byte[] json) {
        try {
            var event = EventCodec.decode(json);
            if (event.body() instanceof Started start && event.requestId().equals(id)) {
                put(start.tenant(), StreamEntry.begun(id, event.at(), start));
            }
        } catch (MalformedRecordException e) {
            /* Whose it is cannot be told; it is listed when it ends, if that says more. */
            return;
        }
    }

    /** Lists a stream as ended. */
    void end(UsageRow row) {
        put(row.tenant(), StreamEntry.ended(row));
    }

    /**
     * Lists a stream as ended that is not listed so, by what its response says. That is a stream
     * whose end another instance has taken in before this one.
     */
    void endUnlessEnded(StreamId id, byte[] response) {
        if (ended(id)) {
            return;
        }
        try {
            var read = ResponseCodec.decode(response);
            if (read.requestId().equals(id)) {
                put(read.tenant(), StreamEntry.ended(read));
            }
        } catch (MalformedRecordException e) {
            /* No projector wrote it, and what it is of has not ended. */
            return;
        }
    }

    private boolean ended(StreamId id) {
        byte @Nullable [] owner = store.get(id.key());
        byte @Nullable [] entry = owner == null ? null : store.get(key(owner, id));
        return entry != null && StreamEntry.decode(entry).endedAt() != null;
    }

    private void put(@Nullable String tenant, StreamEntry entry) {
        byte[] owner = owner(tenant);
        if (!canBeOwner(owner)) {
            return;
        }
        store.put(entry.requestId().key(), owner);
        store.put(key(owner, entry.requestId()), entry.encode());
    }

    /* What no edge can know as a tenant is in nobody's list, and can confuse none. */
    private static boolean canBeOwner(byte[] owner) {
        for (byte character : owner) {
            if (character == 0) {
                return false;
            }
        }
        return owner.length <= TENANT_BYTES_MAX;
    }

    /** Takes a stream out of the list; returns whether it was there. */
    boolean remove(StreamId id) {
        byte @Nullable [] owner = store.delete(id.key());
        return owner != null && store.delete(key(owner, id)) != null;
    }

    /** Says that everything before this offset has been taken in. */
    void takenIn(long offset) {
        store.put(TAKEN_IN, ByteBuffer.allocate(Long.BYTES).putLong(offset).array());
    }

    /** The offset behind the last event that was taken in; 0 if none was. */
    static long takenIn(ReadOnlyKeyValueStore<byte[], byte[]> store) {
        byte @Nullable [] stored = store.get(TAKEN_IN);
        return stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
    }

    /** What stands for a tenant in keys; empty for nobody. */
    static byte[] owner(@Nullable String tenant) {
        return tenant == null ? new byte[0] : tenant.getBytes(StandardCharsets.UTF_8);
    }

    /** The key of an entry. */
    static byte[] key(byte[] owner, StreamId id) {
        return key(owner, id.key());
    }

    /** The key behind which the entries of a tenant begin that are not before an id's text. */
    static byte[] key(byte[] owner, byte[] id) {
        return ByteBuffer.allocate(owner.length + 2 + id.length)
                .put(LISTED)
                .put(owner)
                .put((byte) 0)
                .put(id)
                .array();
    }
}
