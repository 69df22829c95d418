package io.tidemark.export.internal;

import io.tidemark.export.Column;
import io.tidemark.export.ExportLimits;
import io.tidemark.export.ExportedRecord;

import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Writes rows of a Parquet file through Apache Parquet's own writer, without Hadoop ({@code
 * docs/decisions/045-parquet-without-hadoop.md}).
 */
final class ParquetSink implements RowSink {
    /* The writer looks at how much it holds after so many rows, each of which may be 32 MiB. */
    private static final int ROWS_BETWEEN_CHECKS = 1;

    private final ParquetWriter<ExportedRecord> writer;

    ParquetSink(
            OutputStream stream,
            List<Column> columns,
            ExportLimits limits,
            Map<String, String> about)
            throws IOException {
        var builder =
                new Builder(new StreamOutputFile(stream), columns, about)
                        .withConf(new PlainParquetConfiguration())
                        .withCodecFactory(new ZstdCodec())
                        .withCompressionCodec(CompressionCodecName.ZSTD)
                        .withRowGroupSize(limits.rowGroupBytes())
                        .withMinRowCountForPageSizeCheck(ROWS_BETWEEN_CHECKS)
                        .withMaxRowCountForPageSizeCheck(ROWS_BETWEEN_CHECKS);
        for (var column : columns) {
            if (LONG_TEXTS.contains(column.name())) {
                builder.withDictionaryEncoding(column.name(), false)
                        .withStatisticsEnabled(column.name(), false);
            }
        }
        writer = builder.build();
    }

    /* No two are alike, and the smallest and the largest of them are of use to nobody. */
    private static final List<String> LONG_TEXTS = List.of("json", "text");

    @Override
    public void write(ExportedRecord record) throws IOException {
        writer.write(record);
    }

    @Override
    public void complete() throws IOException {
        writer.close();
    }

    private static final class Builder extends ParquetWriter.Builder<ExportedRecord, Builder> {
        private final List<Column> columns;
        private final Map<String, String> about;

        private Builder(OutputFile file, List<Column> columns, Map<String, String> about) {
            super(file);
            this.columns = columns;
            this.about = about;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<ExportedRecord> getWriteSupport(ParquetConfiguration configuration) {
            return new ColumnWriteSupport(columns, about);
        }

        @Override
        @SuppressWarnings("deprecation") // abstract all the same
        protected WriteSupport<ExportedRecord> getWriteSupport(
                org.apache.hadoop.conf.Configuration configuration) {
            throw new UnsupportedOperationException("there is no Hadoop here");
        }
    }
}
