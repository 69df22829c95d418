package io.tidemark.export;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A column of a Parquet file. Columns are public: they are added, never renamed, and never change
 * their type.
 *
 * @param name its name, in lower case with underscores
 * @param type its type
 * @param meaning what it holds, as a fragment
 * @param reading where its value comes from
 */
public record Column(String name, ColumnType type, String meaning, Reading reading) {
    public Column {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
        requireNonNull(meaning, "meaning");
        requireNonNull(reading, "reading");
    }

    /** Finds the value of a column. */
    public interface Reading {
        /**
         * The value: a {@code String} or the bytes of one in UTF-8, an {@code Integer}, a {@code
         * Long} (of a timestamp, epoch milliseconds), a {@code Double} or a {@code Boolean}; null
         * where the record has none, or one of another type.
         */
        @Nullable Object of(ExportedRecord record);
    }
}
