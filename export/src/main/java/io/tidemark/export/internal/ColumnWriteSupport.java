package io.tidemark.export.internal;

import static org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit.MILLIS;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.export.Column;
import io.tidemark.export.ColumnType;
import io.tidemark.export.ExportedRecord;

import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

import java.util.List;
import java.util.Map;

/** Hands the columns of a record to Parquet's writer, all of them optional. */
final class ColumnWriteSupport extends WriteSupport<ExportedRecord> {
    private static final String SCHEMA_NAME = "tidemark";

    private final List<Column> columns;
    private final Map<String, String> about;

    @SuppressWarnings("NullAway.Init") // given before the first record
    private RecordConsumer consumer;

    ColumnWriteSupport(List<Column> columns, Map<String, String> about) {
        this.columns = columns;
        this.about = about;
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
        var fields = columns.stream().map(ColumnWriteSupport::field).toList();
        return new WriteContext(new MessageType(SCHEMA_NAME, fields), about);
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    public WriteContext init(org.apache.hadoop.conf.Configuration configuration) {
        throw new UnsupportedOperationException("there is no Hadoop here");
    }

    private static Type field(Column column) {
        return switch (column.type()) {
            case VARCHAR ->
                    Types.optional(PrimitiveTypeName.BINARY).as(stringType()).named(column.name());
            case INTEGER -> Types.optional(PrimitiveTypeName.INT32).named(column.name());
            case BIGINT -> Types.optional(PrimitiveTypeName.INT64).named(column.name());
            case DOUBLE -> Types.optional(PrimitiveTypeName.DOUBLE).named(column.name());
            case BOOLEAN -> Types.optional(PrimitiveTypeName.BOOLEAN).named(column.name());
            case TIMESTAMP ->
                    Types.optional(PrimitiveTypeName.INT64)
                            .as(timestampType(true, MILLIS))
                            .named(column.name());
        };
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        consumer = recordConsumer;
    }

    @Override
    public void write(ExportedRecord record) {
        consumer.startMessage();
        for (int i = 0; i < columns.size(); i++) {
            var column = columns.get(i);
            var value = column.reading().of(record);
            if (value != null) {
                consumer.startField(column.name(), i);
                add(column.type(), value);
                consumer.endField(column.name(), i);
            }
        }
        consumer.endMessage();
    }

    private void add(ColumnType type, Object value) {
        switch (type) {
            case VARCHAR ->
                    consumer.addBinary(
                            value instanceof byte[] utf8
                                    ? Binary.fromConstantByteArray(utf8)
                                    : Binary.fromConstantByteArray(
                                            ((String) value).getBytes(UTF_8)));
            case INTEGER -> consumer.addInteger((Integer) value);
            case BIGINT, TIMESTAMP -> consumer.addLong((Long) value);
            case DOUBLE -> consumer.addDouble((Double) value);
            case BOOLEAN -> consumer.addBoolean((Boolean) value);
        }
    }
}
