package io.tidemark.export.internal;

import io.tidemark.export.Column;

import java.util.List;

/** The columns of {@code tidemark.rollups}: section 8.6 of {@code docs/protocol.md}. */
public final class RollupColumns {
    private static final List<Column> OWN =
            List.of(
                    Columns.time("minute", "/minute", "its beginning"),
                    Columns.text("tenant", "/tenant", "whose streams they are"),
                    Columns.text("provider", "/provider", "name of the configured provider"),
                    Columns.text("model", "/model", "the model that served them"),
                    Columns.whole("requests", "/requests", "ledger rows"),
                    Columns.whole("completed", "/statuses/completed", "of which were completed"),
                    Columns.whole("incomplete", "/statuses/incomplete", "of which were cut short"),
                    Columns.whole("cancelled", "/statuses/cancelled", "of which were cancelled"),
                    Columns.whole("failed", "/statuses/failed", "of which failed"),
                    Columns.json("costs", "/costs", "what they cost, by currency, as JSON"),
                    Columns.whole("without_cost", "/withoutCost", "of which have no cost"));

    private static final List<Column> TIMES =
            List.of(
                    Columns.whole(
                            "time_to_first_token_count",
                            "/timeToFirstTokenMs/count",
                            "of which had a first token"),
                    Columns.whole(
                            "time_to_first_token_sum_ms",
                            "/timeToFirstTokenMs/sum",
                            "sum of the times until it came"),
                    Columns.json(
                            "time_to_first_token_buckets",
                            "/timeToFirstTokenMs/buckets",
                            "how many took how long: JSON list of [upper bound in ms, count]"),
                    Columns.whole(
                            "time_per_output_token_count",
                            "/timePerOutputTokenUs/count",
                            "of which have a time per token"),
                    Columns.whole(
                            "time_per_output_token_sum_us",
                            "/timePerOutputTokenUs/sum",
                            "sum of the times per token"),
                    Columns.json(
                            "time_per_output_token_buckets",
                            "/timePerOutputTokenUs/buckets",
                            "likewise, in microseconds"));

    /** All of them, in order. */
    public static final List<Column> ALL =
            Columns.table(List.of(OWN, Columns.USAGE, TIMES, Columns.END));

    private RollupColumns() {}
}
