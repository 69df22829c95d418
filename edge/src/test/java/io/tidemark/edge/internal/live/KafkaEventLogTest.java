package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.seal.Opener;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

class KafkaEventLogTest {
    private static final String EVENTS = "tidemark.events";
    private static final StreamId ID =
            StreamId.mint(InstantSource.fixed(Instant.ofEpochSecond(1)), new Random(1), 0);

    @Test
    void aStreamThatBeginsWhileItIsLookedUpIsNotPassedBy() {
        var limits = new KafkaEventLog.Limits(Duration.ofSeconds(5), 1 << 20, 1_000);
        try (var log =
                new KafkaEventLog(
                        new Overtaken(),
                        EVENTS,
                        "tidemark.commands",
                        limits,
                        Opener.withoutKeys())) {
            var batches = new ArrayList<Batch>();
            var from = new Standpoint(ID, null, Cursor.UNLOCATED);
            var wish = new EventLog.Wish(from, new TreeSet<>(List.of(0L)));
            log.read(List.of(wish), (_, _, batch) -> batches.add(batch));

            assertThat(batches.getFirst().frames()).extracting(Frame::sequence).containsExactly(0L);
        }
    }

    /** A partition that is empty until the time index has answered that it knows nothing. */
    private static final class Overtaken extends MockConsumer<byte[], byte[]> {
        private static final TopicPartition PARTITION = new TopicPartition(EVENTS, 0);

        Overtaken() {
            super("earliest");
            updateBeginningOffsets(Map.of(PARTITION, 0L));
            updateEndOffsets(Map.of(PARTITION, 0L));
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
                Map<TopicPartition, Long> times) {
            updateEndOffsets(Map.of(PARTITION, 1L));
            schedulePollTask(() -> addRecord(first()));
            var nothing = new HashMap<TopicPartition, OffsetAndTimestamp>();
            nothing.put(PARTITION, null);
            return nothing;
        }

        private static ConsumerRecord<byte[], byte[]> first() {
            var event = new StreamEvent(ID, 0, 1, Placement.NONE, Status.of(Status.ACCEPTED));
            var record = EventRecord.of(EVENTS, event, new Attempt(0, 1), null);
            return new ConsumerRecord<>(
                    EVENTS,
                    0,
                    0,
                    1_000,
                    TimestampType.LOG_APPEND_TIME,
                    record.key().length,
                    record.value().length,
                    record.key(),
                    record.value(),
                    record.headers(),
                    Optional.empty());
        }
    }
}
