package io.tidemark.ingest.internal.chat;

import io.tidemark.schemas.ItemBody.ItemStatus;

/** One item of a choice, as far as its end is concerned. Confined to one thread. */
interface Part {
    /** Closes it; nothing happens if it was. */
    void close(ItemStatus status);
}
