package io.tidemark.projector.internal;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** All that the stores hold, as text in which something can be looked for. */
final class StoredText {
    private StoredText() {}

    static String in(TopologyFixture topology) {
        var all = new StringBuilder();
        for (var name :
                List.of(
                        ProjectorStores.PROGRESS,
                        ProjectorStores.PIECES,
                        ProjectorStores.RESPONSES,
                        ProjectorStores.STREAMS,
                        ProjectorStores.ERASURES)) {
            try (var entries = topology.store(name).all()) {
                entries.forEachRemaining(
                        entry -> all.append(new String(entry.value, StandardCharsets.ISO_8859_1)));
            }
        }
        return all.toString();
    }
}
