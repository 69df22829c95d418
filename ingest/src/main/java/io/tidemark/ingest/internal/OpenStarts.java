package io.tidemark.ingest.internal;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;

import io.tidemark.schemas.StreamId;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * The starts of a partition without a done record, by their offset: what the low watermark must not
 * pass. Those that retention has removed are at the offset where reading would have begun. Bounded
 * by what may be open. Confined to the command loop's thread.
 */
final class OpenStarts {
    private record Place(long offset, StreamId id) {}

    private final NavigableSet<Place> places =
            new TreeSet<>(comparingLong(Place::offset).thenComparing(comparing(Place::id)));
    private final Map<StreamId, Long> offsets = new HashMap<>();

    void add(StreamId id, long offset) {
        remove(id);
        places.add(new Place(offset, id));
        offsets.put(id, offset);
    }

    /** Forgets a start; nothing happens if it is not open. */
    void remove(StreamId id) {
        var offset = offsets.remove(id);
        if (offset != null) {
            places.remove(new Place(offset, id));
        }
    }

    boolean contains(StreamId id) {
        return offsets.containsKey(id);
    }

    /** Whether this is the stream that was started there, and not a start repeated elsewhere. */
    boolean isAt(long offset, StreamId id) {
        return Objects.equals(offsets.get(id), offset);
    }

    /** Where the oldest of these was started; empty if none of them is open. */
    OptionalLong first(Collection<StreamId> ids) {
        return ids.stream().map(offsets::get).filter(Objects::nonNull).mapToLong(o -> o).min();
    }

    /** The oldest open start, or where nothing is open this offset. */
    long firstOr(long offset) {
        return places.isEmpty() ? offset : Math.min(offset, places.first().offset());
    }
}
