package io.tidemark.ingest.internal.responses;

import io.tidemark.ingest.internal.output.Allowance;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The output items of one response. What identifies an item is its place in the output, since ids
 * may change with every event (GitHub Copilot); an id that is known wins over a place, which some
 * servers reuse or leave out.
 */
final class ItemTable {
    private final Allowance allowance;
    private final Map<Integer, ItemState> byOutputIndex = new TreeMap<>();
    private final Map<Integer, ItemState> byProviderIndex = new HashMap<>();

    ItemTable(Allowance allowance) {
        this.allowance = allowance;
    }

    /**
     * The item that an event speaks of, if it is known: the one at its place, unless its id is that
     * of another one; without a place the one with its id, or else the latest unfinished one that
     * such an event can speak of.
     *
     * @param assumed the type of item that such events speak of
     */
    Optional<ItemState> find(ProviderFrame frame, ItemType assumed) {
        var id = frame.itemId();
        var index = frame.index("output_index");
        if (index == null) {
            return withId(id).or(() -> latestUnfinished(assumed));
        }
        var there = at(index);
        boolean itself = there.isPresent() && Objects.equals(there.get().id(), id);
        return itself ? there : withId(id).or(() -> there);
    }

    /** A new item at the place that the event names, or at the next free one. */
    ItemState open(ProviderFrame frame, ItemType type, String providerType) {
        var index = frame.index("output_index");
        return openAt(index == null ? nextIndex() : index, type, providerType);
    }

    /** A new item at that place of the provider's, and at the next free one if ours is taken. */
    ItemState openAt(int providerIndex, ItemType type, String providerType) {
        boolean taken = byOutputIndex.containsKey(providerIndex);
        var item =
                new ItemState(taken ? nextIndex() : providerIndex, type, providerType, allowance);
        byOutputIndex.put(item.outputIndex(), item);
        byProviderIndex.put(providerIndex, item);
        return item;
    }

    Optional<ItemState> at(int providerIndex) {
        return Optional.ofNullable(byProviderIndex.get(providerIndex));
    }

    Optional<ItemState> withId(@Nullable String id) {
        return byOutputIndex.values().stream()
                .filter(item -> id != null && id.equals(item.id()))
                .findFirst();
    }

    /** All items, in output order. */
    Collection<ItemState> all() {
        return List.copyOf(byOutputIndex.values());
    }

    private Optional<ItemState> latestUnfinished(ItemType type) {
        return byOutputIndex.values().stream()
                .filter(item -> !item.completed() && item.type() == type)
                .reduce((_, latest) -> latest);
    }

    private int nextIndex() {
        int free = byOutputIndex.size();
        while (byOutputIndex.containsKey(free)) {
            free++;
        }
        return free;
    }
}
