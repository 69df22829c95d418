package io.tidemark.ingest.internal.output;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * The items of one response whose provider numbers them. Its numbers are the items' places unless
 * it leaves them out or uses one twice; then an item has the next free place, and the number is the
 * latest item's. Confined to one thread.
 */
public final class NumberedItems<I extends OutputItem> {
    private final Map<Integer, I> byOutputIndex = new TreeMap<>();
    private final Map<Integer, I> byNumber = new HashMap<>();

    public NumberedItems() {}

    /**
     * Adds an item.
     *
     * @param number the provider's; absent if it gives none
     * @param made makes the item, by its place
     */
    public I open(@Nullable Integer number, IntFunction<I> made) {
        int place = number == null || byOutputIndex.containsKey(number) ? free() : number;
        var item = made.apply(place);
        byOutputIndex.put(place, item);
        byNumber.put(number == null ? place : number, item);
        return item;
    }

    /** The item that the provider's number means. */
    public Optional<I> at(int number) {
        return Optional.ofNullable(byNumber.get(number));
    }

    /** The first that fits, in order of places. */
    public Optional<I> first(Predicate<I> which) {
        return byOutputIndex.values().stream().filter(which).findFirst();
    }

    /** The last that fits and has not ended, in order of places. */
    public Optional<I> latestUnfinished(Predicate<I> which) {
        return byOutputIndex.values().stream()
                .filter(item -> !item.completed() && which.test(item))
                .reduce((_, latest) -> latest);
    }

    /** All items, in order of places. */
    public Collection<I> all() {
        return List.copyOf(byOutputIndex.values());
    }

    public boolean isEmpty() {
        return byOutputIndex.isEmpty();
    }

    private int free() {
        int place = byOutputIndex.size();
        while (byOutputIndex.containsKey(place)) {
            place++;
        }
        return place;
    }
}
