package io.tidemark.ingest.internal.output;

import io.tidemark.schemas.ItemBody.Item;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The items of one response, numbered in order of first sight within each choice, for dialects
 * whose providers number none. Confined to one thread.
 */
public final class OutputItems {
    private final Allowance allowance;
    private final OutputWriter writer;
    private final List<DescribedItem> items = new ArrayList<>();
    private final Map<Integer, Integer> next = new HashMap<>();

    public OutputItems(Allowance allowance, OutputWriter writer) {
        this.allowance = allowance;
        this.writer = writer;
    }

    /** Starts an item: the next one of that choice. */
    public DescribedItem start(int choice, @Nullable String id, Item description) {
        int index = nextIndex(choice);
        var item = new DescribedItem(choice, index, id, description, allowance);
        next.put(choice, index + 1);
        items.add(item);
        writer.start(item);
        return item;
    }

    /** Which place the next item of that choice will have. */
    public int nextIndex(int choice) {
        return next.getOrDefault(choice, 0);
    }

    /** All items, in order of first sight. */
    public List<DescribedItem> all() {
        return List.copyOf(items);
    }

    public boolean isEmpty() {
        return items.isEmpty();
    }
}
