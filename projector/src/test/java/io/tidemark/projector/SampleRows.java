package io.tidemark.projector;

import io.tidemark.schemas.Amount;
import io.tidemark.schemas.Cost;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.ModelPattern;
import io.tidemark.schemas.Price;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.UsageKind;
import io.tidemark.schemas.UsageRow;
import io.tidemark.schemas.UsageRow.Provenance;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Ledger rows of which nothing but the names matters, and prices for {@code SampleStream}. */
public final class SampleRows {
    /** 1.25 for input and 10 for output, whatever gpt it is. */
    public static final PriceTable PRICES =
            new PriceTable(
                    "list",
                    List.of(
                            new Price(
                                    new ModelPattern("gpt-*"),
                                    null,
                                    "USD",
                                    0,
                                    Map.of(
                                            UsageKind.INPUT, Amount.parse("1.25"),
                                            UsageKind.OUTPUT, Amount.parse("10")))));

    private SampleRows() {}

    /** What that many tokens cost by {@link #PRICES}. */
    public static Amount costOf(long input, long output) {
        return new Amount(BigDecimal.valueOf(125 * input + 1_000 * output, 8));
    }

    /** A cost of that amount, in dollars. */
    public static Cost cost(String amount) {
        return new Cost(
                Amount.parse(amount), "USD", 0, List.of(), new Cost.Applied("list", "*", null, 0));
    }

    /** A row that has nothing but its names. */
    public static UsageRow row(StreamId id, @Nullable String tenant, String model) {
        return new UsageRow(
                UsageRow.SCHEMA_VERSION,
                id,
                tenant,
                "openai",
                null,
                model,
                model,
                Response.Status.COMPLETED,
                Outcome.COMPLETE,
                "stop",
                null,
                Provenance.NONE,
                null,
                new Response.Timings(0, null, null, null, null, null),
                1,
                null);
    }
}
