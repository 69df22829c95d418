package io.tidemark.projector.internal;

import io.tidemark.schemas.StreamId;

import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;

/**
 * Reads the list of one partition from its newest entry down, until it has enough or has looked at
 * as many as it may. Stateless.
 */
final class StreamScan {
    private StreamScan() {}

    /**
     * The next page.
     *
     * @param store the partition's store {@code streams}
     * @param limit most entries of the page, from 1
     * @param looksMax most entries looked at, from 1
     */
    static StreamPage page(
            ReadOnlyKeyValueStore<byte[], byte[]> store,
            StreamFilter filter,
            int limit,
            int looksMax) {
        var found = new ArrayList<StreamEntry>();
        if (filter.empty()) {
            return new StreamPage(found, null);
        }
        byte[] end = filter.to();
        @Nullable StreamId last = null;
        int looks = 0;
        try (var entries = store.reverseRange(filter.from(), end)) {
            while (entries.hasNext()) {
                if (looks == looksMax || found.size() == limit) {
                    return new StreamPage(found, last);
                }
                var next = entries.next();
                if (Arrays.equals(next.key, end)) {
                    continue;
                }
                var entry = StreamEntry.decode(next.value);
                last = entry.requestId();
                looks++;
                if (filter.matches(entry)) {
                    found.add(entry);
                }
            }
        }
        return new StreamPage(found, null);
    }
}
