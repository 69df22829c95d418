package io.tidemark.export.internal;

import io.tidemark.export.ExportConfig;
import io.tidemark.export.ExportedRecord;
import io.tidemark.export.Keep;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** Writes records in a format. It does not own the stream, and has nothing to close. */
public interface RowSink {
    /** The sink of an export's format. */
    static RowSink of(ExportConfig config, OutputStream stream) throws IOException {
        return switch (config.format()) {
            case NDJSON -> new NdjsonSink(stream, config.metadata() || config.keep() == Keep.RAW);
            case PARQUET ->
                    new ParquetSink(
                            stream, config.topic().columns(), config.limits(), about(config));
        };
    }

    private static Map<String, String> about(ExportConfig config) {
        return Map.of(
                "tidemark.topic",
                config.topic().of(config.topics()).name(),
                "tidemark.keep",
                config.keep().wire());
    }

    /** Writes one more. */
    void write(ExportedRecord record) throws IOException;

    /** Writes what comes behind the last one. */
    void complete() throws IOException;
}
