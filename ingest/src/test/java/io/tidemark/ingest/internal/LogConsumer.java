package io.tidemark.ingest.internal;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads what a producer has written to partition 0 of a topic, a record a millisecond, as often as
 * it is sought. Which partitions a group gives it the test decides.
 */
class LogConsumer extends MockConsumer<byte[], byte[]> {
    private final MockProducer<byte[], byte[]> producer;
    private final TopicPartition log;

    LogConsumer(MockProducer<byte[], byte[]> producer, String topicName) {
        super("earliest");
        this.producer = producer;
        this.log = new TopicPartition(topicName, 0);
        updateBeginningOffsets(Map.of(log, 0L));
    }

    private List<ProducerRecord<byte[], byte[]>> written() {
        return written(log);
    }

    private List<ProducerRecord<byte[], byte[]>> written(TopicPartition partition) {
        return producer.history().stream()
                .filter(record -> record.topic().equals(partition.topic()))
                .toList();
    }

    /** Most records that a poll gives. */
    int batchMax() {
        return Integer.MAX_VALUE;
    }

    @Override
    public synchronized Map<TopicPartition, Long> endOffsets(
            Collection<TopicPartition> partitions) {
        return partitions.stream()
                .collect(Collectors.toMap(it -> it, it -> (long) written(it).size()));
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> times) {
        return Map.of(log, new OffsetAndTimestamp(0, 0));
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (assignment().contains(log) && !paused().contains(log)) {
            var written = written();
            int from = (int) position(log);
            int to = (int) Math.min(written.size(), (long) from + batchMax());
            for (int offset = from; offset < to; offset++) {
                addRecord(at(offset, written.get(offset)));
            }
        }
        return super.poll(timeout);
    }

    private ConsumerRecord<byte[], byte[]> at(int offset, ProducerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>(
                log.topic(),
                0,
                offset,
                TestStreams.CLOCK.millis() + offset,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty());
    }
}
