package io.tidemark.auditor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;

class LogReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition("tidemark.events", 0);
    private static final Horizon BEFORE = new Horizon(3, Instant.EPOCH);

    @Test
    void whatRetentionRemovesBeforeItIsReadFailsTheReadingAndIsNoGap() {
        var consumer = new MockConsumer<byte[], byte[]>("none");
        consumer.updateBeginningOffsets(Map.of(PARTITION, 5L));
        consumer.updateEndOffsets(Map.of(PARTITION, 9L));
        consumer.schedulePollTask(() -> consumer.addRecord(record(5)));
        var reader = new LogReader(consumer);

        assertThatThrownBy(() -> reader.read(PARTITION, BEFORE, Optional.empty(), 9, _ -> {}))
                .isInstanceOf(OffsetOutOfRangeException.class);
    }

    @Test
    void readsNoFurtherThanThereIsEnough() {
        var consumer = new MockConsumer<byte[], byte[]>("none");
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.schedulePollTask(() -> consumer.addRecord(record(5)));
        consumer.schedulePollTask(() -> consumer.addRecord(record(6)));
        var read = new ArrayList<Long>();

        new LogReader(consumer)
                .read(PARTITION, 5, 9, () -> !read.isEmpty(), record -> read.add(record.offset()));

        assertThat(read).containsExactly(5L);
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset) {
        return new ConsumerRecord<>(
                PARTITION.topic(), PARTITION.partition(), offset, new byte[1], new byte[1]);
    }
}
