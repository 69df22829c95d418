package io.tidemark.seal;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Streams, events and keys of tests. */
final class Streams {
    static final StreamId ID = StreamId.parse("01M7WPCSG0002G28T5CY4TQKFF");
    static final Attempt ATTEMPT = new Attempt(7, 2);
    static final Random RANDOM = new Random(5);
    static final MasterKeys MASTERS = masters("m1", "m1");

    private static final Path GOLDEN =
            Path.of(System.getProperty("project.root", ".."))
                    .resolve("schemas/src/test/resources/golden");

    private Streams() {}

    static StreamId mint() {
        return StreamId.mint(InstantSource.system(), RANDOM, 0);
    }

    /** Keys of these names, the same whenever they are made. */
    static MasterKeys masters(String current, String... names) {
        var keys = new java.util.HashMap<String, byte[]>();
        for (var name : names) {
            var bytes = new byte[32];
            new Random(name.hashCode()).nextBytes(bytes);
            keys.put(name, bytes);
        }
        return MasterKeys.of(Map.copyOf(keys), current);
    }

    static List<Path> golden(String folder) throws IOException {
        try (var files = Files.list(GOLDEN.resolve(folder))) {
            return files.sorted().toList();
        }
    }

    static byte[] bytes(Path golden) throws IOException {
        return Files.readString(golden).strip().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    static StreamEvent event(long sequence, EventBody body) {
        return new StreamEvent(ID, sequence, 1_795_185_600_000L, Placement.NONE, body);
    }

    static StreamEvent text(long sequence, String text) {
        return event(sequence, new TextDelta(text, null));
    }

    static ProducerRecord<byte[], byte[]> record(StreamEvent event) {
        return EventRecord.of("events", event, ATTEMPT, null);
    }

    static EventRecord.Entry sealed(StreamEvent event, DataKey key) {
        return entry(new StreamSeal.Sealed(key, RANDOM).seal(record(event), event, ATTEMPT));
    }

    static EventRecord.Entry sealed(byte[] json, DataKey key) {
        return sealed(EventCodec.decode(json), key);
    }

    /** As a reader gets it. */
    static EventRecord.Entry entry(ProducerRecord<byte[], byte[]> record) {
        return (EventRecord.Entry) EventRecord.of(consumed(record, 0));
    }

    static ConsumerRecord<byte[], byte[]> consumed(
            ProducerRecord<byte[], byte[]> record, long offset) {
        return new ConsumerRecord<>(
                record.topic(),
                record.partition() == null ? 0 : record.partition(),
                offset,
                record.timestamp() == null ? 0 : record.timestamp(),
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty());
    }

    static Opener opener(DataKey key) {
        return new Opener(_ -> new Found.Key(key), new SealCounts());
    }
}
