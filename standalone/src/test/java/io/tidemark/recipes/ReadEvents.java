package io.tidemark.recipes;

import io.tidemark.schemas.DeltaBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ReaderGuard;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Reads the events to their end, and prints what each stream has said once it is over. */
public final class ReadEvents {
    private static final Map<StreamId, ReaderGuard> GUARDS = new HashMap<>();
    private static final Map<StreamId, StringBuilder> TEXTS = new HashMap<>();

    private ReadEvents() {}

    public static void main(String[] arguments) {
        var settings =
                Map.<String, Object>of(
                        "bootstrap.servers", arguments[0], "enable.auto.commit", "false");
        var bytes = new ByteArrayDeserializer();
        try (var consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
            var partitions =
                    consumer.partitionsFor("tidemark.events").stream()
                            .map(it -> new TopicPartition(it.topic(), it.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    switch (EventRecord.of(record)) {
                        case EventRecord.Entry entry -> read(entry);
                        case EventRecord.Fence(var id, var attempt) -> guardOf(id).fence(attempt);
                        case EventRecord.Foreign(var problem) -> System.err.println(problem);
                    }
                }
            }
        }
    }

    private static ReaderGuard guardOf(StreamId id) {
        return GUARDS.computeIfAbsent(id, _ -> ReaderGuard.fromStart());
    }

    private static void read(EventRecord.Entry entry) {
        switch (guardOf(entry.id()).admit(entry.headers())) {
            case ACCEPTED -> accept(entry);
            case GAP -> System.err.println(entry.id() + ": events are missing");
            case FENCED, DUPLICATE, AFTER_TERMINAL -> {}
        }
    }

    private static void accept(EventRecord.Entry entry) {
        var text = TEXTS.computeIfAbsent(entry.id(), _ -> new StringBuilder());
        var event = EventCodec.decode(entry.value());
        if (event.body() instanceof DeltaBody.TextDelta(var piece, _)) {
            text.append(piece);
        }
        if (event.terminal()) {
            System.out.println(entry.id() + " " + text.toString().replaceAll("\\R", " "));
            TEXTS.remove(entry.id());
        }
    }
}
