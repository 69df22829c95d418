package io.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

final class GenerationReaderTest {
    private static final Topics TOPICS = Topics.defaults();
    private static final String TOPIC = TOPICS.generations().name();
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final GenerationReader reader = new GenerationReader(consumer, TOPICS);
    private long end;

    @Test
    void withoutTheTopicTheFirstGenerationCounts() {
        assertThat(reader.read()).isEqualTo(Generations.FIRST);
    }

    @Test
    void readsOnFromWhereItWas() {
        create();
        say(new GenerationWord.Current(1, 5));
        assertThat(reader.read().current()).isEqualTo(1);

        assertThat(reader.read().current()).isEqualTo(1);

        say(new GenerationWord.Current(2, 6));
        assertThat(reader.read().current()).isEqualTo(2);
    }

    @Test
    void findsTheTopicOnceItIsThere() {
        assertThat(reader.read().current()).isZero();

        create();
        say(new GenerationWord.Current(3, 5));

        assertThat(reader.read().current()).isEqualTo(3);
    }

    @Test
    void whatCannotBeUnderstoodIsNoWord() {
        create();
        append("current".getBytes(UTF_8), "{\"at\":1}".getBytes(UTF_8));

        assertThatThrownBy(reader::read).isInstanceOf(MalformedRecordException.class);
    }

    private void create() {
        consumer.updatePartitions(TOPIC, List.of(new PartitionInfo(TOPIC, 0, null, null, null)));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 0L));
    }

    private void say(GenerationWord word) {
        var record = word.record(TOPIC);
        append(record.key(), record.value());
    }

    private void append(byte[] key, byte[] value) {
        var record = new ConsumerRecord<>(TOPIC, GenerationWord.PARTITION, end++, key, value);
        consumer.updateEndOffsets(Map.of(PARTITION, end));
        consumer.schedulePollTask(() -> consumer.addRecord(record));
    }
}
