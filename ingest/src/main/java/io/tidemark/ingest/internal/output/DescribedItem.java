package io.tidemark.ingest.internal.output;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.ItemBody.Item;

import org.jspecify.annotations.Nullable;

/** An item of which all is known that its description holds. Confined to one thread. */
public final class DescribedItem extends OutputItem {
    private final @Nullable String id;
    private Item description;

    DescribedItem(
            int choice,
            int outputIndex,
            @Nullable String id,
            Item description,
            Allowance allowance) {
        super(choice, outputIndex, allowance);
        this.id = id;
        this.description = requireNonNull(description, "description");
    }

    /** Takes over what has become known since. */
    public void describe(Item better) {
        description = requireNonNull(better, "better");
    }

    @Override
    public Item description() {
        return description;
    }

    @Override
    public @Nullable String id() {
        return id;
    }
}
