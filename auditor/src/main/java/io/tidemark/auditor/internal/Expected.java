package io.tidemark.auditor.internal;

import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.PriceTable.Charge;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.ResponseFold;

/**
 * What the projector has to make of a stream: the hashes of its two results. Immutable.
 *
 * @param usage of the ledger row without its cost
 * @param charged of the ledger row with its cost, if it has one
 */
record Expected(Fingerprint response, Fingerprint usage, Fingerprint charged) {
    /**
     * The results of a fold that has seen the terminal event.
     *
     * @param appendedAt when the log took that, epoch milliseconds
     */
    static Expected of(ResponseFold fold, PriceTable prices, long appendedAt) {
        var row = fold.usageRow().orElseThrow();
        var bare = Fingerprint.of(ResponseCodec.encode(row));
        return new Expected(
                Fingerprint.of(ResponseCodec.encode(fold.response().orElseThrow())),
                bare,
                prices.charge(row, appendedAt) instanceof Charge.Charged(var cost)
                        ? Fingerprint.of(ResponseCodec.encode(row.withCost(cost)))
                        : bare);
    }

    /** The result of a kind, as far as no price has to be known for it. */
    Fingerprint of(ResultKind kind) {
        return switch (kind) {
            case RESPONSE -> response;
            case USAGE -> usage;
        };
    }
}
