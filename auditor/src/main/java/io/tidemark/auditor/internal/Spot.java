package io.tidemark.auditor.internal;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where a record is. Immutable. */
record Spot(String topic, int partition, long offset) {
    static Spot of(ConsumerRecord<byte[], byte[]> record) {
        return new Spot(record.topic(), record.partition(), record.offset());
    }
}
