package io.tidemark.export.internal;

import io.tidemark.export.Column;

import java.util.List;

/** The columns of {@code tidemark.usage}: section 8.2 of {@code docs/protocol.md}. */
public final class UsageColumns {
    private static final List<Column> OWN =
            List.of(
                    Columns.text("failure_code", "/failureCode", "why it failed"),
                    Columns.text("provenance", "/provenance", "where the figures come from"),
                    Columns.text(
                            "cost_amount",
                            "/cost/amount",
                            "what it cost, exactly; to be cast to DECIMAL(38, 18)"),
                    Columns.text("cost_currency", "/cost/currency", "in which currency"));

    /** All of them, in order. */
    public static final List<Column> ALL =
            Columns.table(
                    List.of(
                            Columns.BEGINNING,
                            Columns.RESULT,
                            OWN,
                            Columns.USAGE,
                            Columns.TIMINGS,
                            Columns.SOURCE,
                            Columns.END));

    private UsageColumns() {}
}
