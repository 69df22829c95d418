package io.tidemark.edge.internal.live;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
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
    private final int readersMax;
    private final Reader.Shared clients;
    private final Reader.Shared observers;
    private final Attendance attendance;
    /* Written by whoever drains, once. */
    private volatile boolean draining;

    /**
     * No readers yet.
     *
     * @param attendance told of clients' readers
     * @param readersMax most readers that are served at once
     */
    public Readers(
            Window window,
            SparseIndex index,
            CatchUp catchUp,
            Manners manners,
            EdgeMetrics metrics,
            InstantSource clock,
            Attendance attendance,
            int readersMax) {
        this.attendance = attendance;
        this.readersMax = readersMax;
        this.clients =
                new Reader.Shared(
                        window, index, catchUp, manners, metrics, clock, this::clientDone);
        this.observers =
                new Reader.Shared(window, index, catchUp, manners, metrics, clock, readers::remove);
    }

    /**
     * A reader for a client, not started yet; to be started on its loop, in the task that made it.
     * When the edge drains already, it is sent away as soon as that task is over.
     *
     * @param tenant whose stream it has to be; absent for one of no tenant
     * @param next sequence of the first event it wants
     * @return empty when there are too many
     */
    public Optional<Reader> client(
            StreamId id, @Nullable String tenant, long next, Loop loop, Reader.Sink sink) {
        if (served.incrementAndGet() > readersMax) {
            served.decrementAndGet();
            return Optional.empty();
        }
        var attended = new AttendedSink(id, sink, attendance);
        var reader = new Reader(id, tenant, next, loop, attended, clients);
        readers.put(reader, attended::left);
        /* After it was added: either we see the flag, or whoever drains sees the reader. */
        if (draining) {
            loop.execute(reader::drain);
        }
        return Optional.of(reader);
    }

    /**
     * A reader for the edge's own sake, from the earliest event there is; not started yet, and not
     * counted, since it lives no longer than the call that needs it.
     *
     * @param tenant whose stream it has to be; absent for one of no tenant
     */
    public Reader observer(StreamId id, @Nullable String tenant, Loop loop, Reader.Sink sink) {
        var reader = new Reader(id, tenant, -1, loop, sink, observers);
        readers.put(reader, () -> {});
        return reader;
    }

    private void clientDone(Reader reader) {
        var done = readers.remove(reader);
        if (done != null) {
            served.decrementAndGet();
            done.run();
        }
    }

    /** Sends every reader away, each on its own loop, and those that are made from now on. */
    public void drain() {
        draining = true;
        readers.keySet().forEach(reader -> reader.loop().execute(reader::drain));
    }

    /** How many there are. */
    public int size() {
        return readers.size();
    }
}
