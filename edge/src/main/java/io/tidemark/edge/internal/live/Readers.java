package io.tidemark.edge.internal.live;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All readers of this edge: makes them up to a limit, and sends them away when the edge drains.
 * Thread-safe.
 */
public final class Readers {
    /* With what is to be done when they are done. */
    private final Map<Reader, Runnable> readers = new ConcurrentHashMap<>();
    private final AtomicInteger served = new AtomicInteger();
    /* Of each tenant that has any, if that is bounded; no more entries than readers. */
    private final Map<String, Integer> ofTenant = new ConcurrentHashMap<>();
    private final Limits limits;
    private final Reader.Shared clients;
    private final Reader.Shared observers;
    private final Attendance attendance;
    private final ErasedStreams erased;
    /* Written by whoever drains, once. */
    private volatile boolean draining;

    /**
     * How many there may be.
     *
     * @param readersMax of all clients
     * @param tenantReadersMax of one tenant's; 0 for any number
     */
    public record Limits(int readersMax, int tenantReadersMax) {}

    /** Whether there is room for a client's reader. */
    public enum Room {
        /** There is. */
        FREE,
        /** The edge has as many readers as it may. */
        EDGE_FULL,
        /** The tenant has. */
        TENANT_FULL
    }

    /**
     * No readers yet.
     *
     * @param attendance told of clients' readers
     * @param erased streams that nobody reads
     */
    public Readers(
            Window window,
            SparseIndex index,
            CatchUp catchUp,
            Manners manners,
            EdgeMetrics metrics,
            InstantSource clock,
            Attendance attendance,
            ErasedStreams erased,
            Limits limits) {
        this.erased = erased;
        this.attendance = attendance;
        this.limits = limits;
        this.clients =
                new Reader.Shared(
                        window, index, catchUp, manners, metrics, clock, this::clientDone);
        this.observers =
                new Reader.Shared(window, index, catchUp, manners, metrics, clock, readers::remove);
    }

    /** Whether there is room for a tenant's reader now; null for callers of no tenant. */
    public Room room(@Nullable String tenant) {
        if (served.get() >= limits.readersMax()) {
            return Room.EDGE_FULL;
        }
        boolean full =
                limits.tenantReadersMax() > 0
                        && ofTenant.getOrDefault(key(tenant), 0) >= limits.tenantReadersMax();
        return full ? Room.TENANT_FULL : Room.FREE;
    }

    /** Takes room for a reader, if there is some; it is given back when the reader is done. */
    public Room take(@Nullable String tenant) {
        if (served.incrementAndGet() > limits.readersMax()) {
            served.decrementAndGet();
            return Room.EDGE_FULL;
        }
        if (limits.tenantReadersMax() > 0
                && ofTenant.merge(key(tenant), 1, Integer::sum) > limits.tenantReadersMax()) {
            giveBack(tenant);
            return Room.TENANT_FULL;
        }
        return Room.FREE;
    }

    private void giveBack(@Nullable String tenant) {
        served.decrementAndGet();
        ofTenant.computeIfPresent(key(tenant), (_, count) -> count == 1 ? null : count - 1);
    }

    /* No tenant's name is empty. */
    private static String key(@Nullable String tenant) {
        return tenant == null ? "" : tenant;
    }

    /**
     * A reader for a client for which room was {@linkplain #take taken}, not started yet; to be
     * started on its loop, in the task that made it. When the edge drains already, it is sent away
     * as soon as that task is over.
     *
     * @param tenant whose stream it has to be; null for one of no tenant
     * @param next sequence of the first event it wants
     */
    public Reader client(
            StreamId id, @Nullable String tenant, long next, Loop loop, ReaderSink sink) {
        var attended = new AttendedSink(id, sink, attendance);
        var reader = new Reader(id, tenant, next, loop, attended, clients);
        readers.put(
                reader,
                () -> {
                    giveBack(tenant);
                    attended.left();
                });
        /* After it was added: either we see the flag, or whoever drains sees the reader. */
        if (draining) {
            loop.execute(() -> reader.drain(1));
        }
        refuseErased(reader, id, tenant);
        return reader;
    }

    /**
     * A reader for the edge's own sake, from the earliest event there is; not started yet, and not
     * counted, since it lives no longer than the call that needs it.
     *
     * @param tenant whose stream it has to be; absent for one of no tenant
     */
    public Reader observer(StreamId id, @Nullable String tenant, Loop loop, ReaderSink sink) {
        var reader = new Reader(id, tenant, -1, loop, sink, observers);
        readers.put(reader, () -> {});
        refuseErased(reader, id, tenant);
        return reader;
    }

    /*
     * After it was added: either we see that its stream was erased, or whoever erases sees the
     * reader. It has begun by then, and was given nothing yet.
     */
    private void refuseErased(Reader reader, StreamId id, @Nullable String tenant) {
        if (erased.isOf(id, tenant)) {
            reader.loop().execute(reader::erase);
        }
    }

    /** Ends the responses of all who read a tenant's stream, which was erased. */
    void erase(StreamId id, @Nullable String tenant) {
        readers.keySet().stream()
                .filter(reader -> reader.reads(id, tenant))
                .forEach(reader -> reader.loop().execute(reader::erase));
    }

    private void clientDone(Reader reader) {
        var done = readers.remove(reader);
        if (done != null) {
            done.run();
        }
    }

    /** Sends every reader away, each on its own loop, and those that are made from now on. */
    public void drain() {
        draining = true;
        int leaving = readers.size();
        readers.keySet().forEach(reader -> reader.loop().execute(() -> reader.drain(leaving)));
    }

    /** How many there are. */
    public int size() {
        return readers.size();
    }
}
