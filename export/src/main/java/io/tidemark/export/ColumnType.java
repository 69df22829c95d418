package io.tidemark.export;

/** Type of a column of a Parquet file, told as SQL tells it. Every column may be null. */
public enum ColumnType {
    /** Text in UTF-8. */
    VARCHAR,
    /** A whole number of 32 bits. */
    INTEGER,
    /** A whole number of 64 bits. */
    BIGINT,
    /** A floating-point number of 64 bits. */
    DOUBLE,
    /** Yes or no. */
    BOOLEAN,
    /** A point in time, to the millisecond, in UTC. */
    TIMESTAMP
}
