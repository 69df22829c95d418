package io.tidemark.ingest.internal.responses;

import io.tidemark.ingest.internal.output.Allowance;
import io.tidemark.ingest.internal.output.NumberedItems;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Objects;
import java.util.Optional;

/**
 * The output items of one response. What identifies an item is its place in the output, since ids
 * may change with every event (GitHub Copilot); an id that is known wins over a place, which some
 * servers reuse or leave out.
 */
final class ItemTable {
    private final Allowance allowance;
    private final NumberedItems<ItemState> items = new NumberedItems<>();

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
            return withId(id).or(() -> items.latestUnfinished(item -> item.type() == assumed));
        }
        var there = at(index);
        boolean itself = there.isPresent() && Objects.equals(there.get().id(), id);
        return itself ? there : withId(id).or(() -> there);
    }

    /** A new item at the place that the event names, or at the next free one. */
    ItemState open(ProviderFrame frame, ItemType type, String providerType) {
        return openAt(frame.index("output_index"), type, providerType);
    }

    /**
     * A new item at that place of the provider's, and at the next free one if ours is taken.
     *
     * @param providerIndex absent if the provider names none
     */
    ItemState openAt(@Nullable Integer providerIndex, ItemType type, String providerType) {
        return items.open(
                providerIndex, place -> new ItemState(place, type, providerType, allowance));
    }

    Optional<ItemState> at(int providerIndex) {
        return items.at(providerIndex);
    }

    Optional<ItemState> withId(@Nullable String id) {
        return items.first(item -> id != null && id.equals(item.id()));
    }

    /** All items, in output order. */
    Collection<ItemState> all() {
        return items.all();
    }
}
