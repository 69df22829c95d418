package io.tidemark.faults;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

import java.util.Optional;

/** Records as a reader of the log gets them. */
final class LoggedEvents {
    private LoggedEvents() {}

    static EventRecord event(StreamId id, long sequence, int attempt, EventBody body) {
        var event = new StreamEvent(id, sequence, 0, Placement.NONE, body);
        return EventRecord.of(
                logged(EventRecord.of("tidemark.events", event, new Attempt(0, attempt), null)));
    }

    static ConsumerRecord<byte[], byte[]> logged(ProducerRecord<byte[], byte[]> sent) {
        return new ConsumerRecord<>(
                sent.topic(),
                0,
                0L,
                0L,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                sent.key(),
                sent.value(),
                new RecordHeaders(sent.headers()),
                Optional.empty());
    }
}
