package io.tidemark.edge.internal.http;

import io.tidemark.schemas.StreamId;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The partitions whose streams this edge serves, and where the others are served. An id names its
 * stream's partition, so nobody has to be asked. Immutable.
 */
public final class ServedPartitions {
    private final Set<Integer> served;
    private final List<Integer> inOrder;
    private final Map<Integer, URI> elsewhere;

    /**
     * Partitions of a log.
     *
     * @param served at least one
     * @param elsewhere addresses of edges by partition
     */
    public ServedPartitions(Set<Integer> served, Map<Integer, URI> elsewhere) {
        this.served = Set.copyOf(served);
        this.inOrder = served.stream().sorted().toList();
        this.elsewhere = Map.copyOf(elsewhere);
    }

    /** Whether the stream is served here. */
    boolean has(StreamId id) {
        return served.contains(id.partition());
    }

    /** One of them, for a new stream. */
    int any(RandomGenerator random) {
        return inOrder.get(random.nextInt(inOrder.size()));
    }

    /** The edge that serves a stream which is not served here, if it is known. */
    Optional<URI> elsewhere(StreamId id) {
        return Optional.ofNullable(elsewhere.get(id.partition()));
    }
}
