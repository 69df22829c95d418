package io.tidemark.edge.internal.http;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * In which order projectors are asked: in turn, and those that did not answer lately last.
 * Thread-safe.
 */
final class ProjectorAddresses {
    /** How long one that did not answer is asked last. */
    static final Duration AVOIDED = Duration.ofSeconds(10);

    private final List<URI> all;
    private final LongSupplier nanoTime;
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<URI, Long> failedAt = new ConcurrentHashMap<>();

    /**
     * Addresses, none of which has failed.
     *
     * @param all at least one
     */
    ProjectorAddresses(List<URI> all, LongSupplier nanoTime) {
        this.all = List.copyOf(all);
        this.nanoTime = nanoTime;
    }

    /** All of them, in the order for the next question. */
    List<URI> inOrder() {
        int first = Math.floorMod(turn.getAndIncrement(), all.size());
        var order = new ArrayList<URI>();
        var last = new ArrayList<URI>();
        for (int i = 0; i < all.size(); i++) {
            var address = all.get((first + i) % all.size());
            (avoided(address) ? last : order).add(address);
        }
        order.addAll(last);
        return order;
    }

    private boolean avoided(URI address) {
        var at = failedAt.get(address);
        return at != null && nanoTime.getAsLong() - at < AVOIDED.toNanos();
    }

    /** One of them did not answer. */
    void failed(URI address) {
        failedAt.put(address, nanoTime.getAsLong());
    }

    /** One of them did. */
    void answered(URI address) {
        failedAt.remove(address);
    }
}
