package io.tidemark.faults;

import io.tidemark.schemas.StreamId;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** The streams of a load, as its clients see them. Thread-safe. */
final class KnownStreams implements Sightings {
    /* Some of those that are probably going on. */
    private static final int YOUNG = 40;

    private final int edges;
    private final Map<StreamId, KnownStream> byId = new ConcurrentHashMap<>();
    private final List<KnownStream> inOrder = new ArrayList<>();

    /**
     * Nothing is known yet.
     *
     * @param edges how many there are
     */
    KnownStreams(int edges) {
        this.edges = edges;
    }

    @Override
    public void started(String requestId, StreamShape shape) {
        var stream = new KnownStream(StreamId.parse(requestId), shape, edges);
        byId.put(stream.id(), stream);
        synchronized (inOrder) {
            inOrder.add(stream);
        }
    }

    @Override
    public void saw(String requestId, int edge, long sequence, boolean terminal) {
        find(StreamId.parse(requestId))
                .orElseThrow()
                .saw(edge, sequence, terminal, System.nanoTime());
    }

    /** The stream of that id; absent if nobody acknowledged its start. */
    Optional<KnownStream> find(StreamId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** All of them, the oldest first; a copy. */
    List<KnownStream> all() {
        synchronized (inOrder) {
            return List.copyOf(inOrder);
        }
    }

    /** Any of them, half of the time one of the youngest; absent as long as there is none. */
    Optional<KnownStream> any(Random random) {
        synchronized (inOrder) {
            int count = inOrder.size();
            if (count == 0) {
                return Optional.empty();
            }
            int from = random.nextBoolean() ? Math.max(0, count - YOUNG) : 0;
            return Optional.of(inOrder.get(random.nextInt(from, count)));
        }
    }
}
