package io.tidemark.export;

import io.tidemark.schemas.WireName;

/** How an export is written. */
public enum ExportFormat implements WireName {
    /** One JSON object a line, the record's value as it stands. */
    NDJSON,
    /** Apache Parquet with the columns of {@link ExportTopic#columns()}, compressed with zstd. */
    PARQUET
}
