package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.ProjectorMetrics.Costing;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.PriceTable.Charge;
import io.tidemark.schemas.UsageRow;

/**
 * Gives ledger rows their cost, and counts those that get none: a model without a price is
 * something to see, and no reason to stop. Immutable.
 */
final class Costs {
    private final PriceTable prices;
    private final ProjectorMetrics metrics;

    /** Costs by a table; by one without prices no row has any, and none is counted. */
    Costs(PriceTable prices, ProjectorMetrics metrics) {
        this.prices = prices;
        this.metrics = metrics;
    }

    /**
     * The row with its cost, if it has one.
     *
     * @param appendedAt when the log took the stream's terminal event, epoch milliseconds
     */
    UsageRow priced(UsageRow row, long appendedAt) {
        if (prices.prices().isEmpty()) {
            return row;
        }
        return switch (prices.charge(row, appendedAt)) {
            case Charge.Charged(var cost) -> {
                metrics.costed(Costing.PRICED);
                yield row.withCost(cost);
            }
            case Charge.NoPrice() -> {
                metrics.costed(Costing.NO_PRICE);
                yield row;
            }
            case Charge.NoFigures() -> {
                metrics.costed(Costing.NO_FIGURES);
                yield row;
            }
        };
    }
}
