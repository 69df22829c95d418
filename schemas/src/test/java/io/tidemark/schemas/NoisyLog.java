package io.tidemark.schemas;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A random stream written by up to three attempts, and the log it may leave behind: fences between
 * the attempts, records of writers that a fence has ended, duplicates of what stands there already,
 * events of other streams, and records that are no events at all.
 */
final class NoisyLog {
    static final StreamId ID = StreamId.parse("01M7WPCSG0002G28T5CY4TQKFF");
    private static final StreamId OTHER = StreamId.parse("01M7WPCRGR002ZXQ5TK1V58CGG");
    private static final String TOPIC = "events";
    private static final Attempt LATE = new Attempt(9, 9);

    private final EventGenerator any;
    private final List<Written> stream = new ArrayList<>();
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private Attempt attempt = Attempt.first(0);

    /** An event that counts, and who wrote it. */
    record Written(Attempt attempt, StreamEvent event) {}

    NoisyLog(EventGenerator any) {
        this.any = any;
        for (var event : any.stream(30)) {
            addNoise();
            if (attempt.number() < 3 && chance(15)) {
                attempt = attempt.next(attempt.epoch() + any.values().random.nextInt(3));
                records.add(EventRecord.fence(TOPIC, ID, attempt));
                addNoise();
            }
            var ours = of(ID, event);
            stream.add(new Written(attempt, ours));
            records.add(EventRecord.of(TOPIC, ours, attempt, null));
        }
        addNoise();
    }

    /** The events that are the stream, in order. */
    List<Written> stream() {
        return List.copyOf(stream);
    }

    /** All records of the partition, in log order. */
    List<ProducerRecord<byte[], byte[]>> records() {
        return List.copyOf(records);
    }

    private void addNoise() {
        while (chance(40)) {
            switch (any.values().random.nextInt(5)) {
                case 0 -> addZombie();
                case 1 -> addDuplicate();
                case 2 -> records.add(EventRecord.of(TOPIC, of(OTHER, any.event()), LATE, null));
                case 3 -> records.add(EventRecord.fence(TOPIC, OTHER, LATE));
                default -> addForeign();
            }
        }
    }

    /* A writer that a fence has ended goes on where it thinks the stream is, with other content. */
    private void addZombie() {
        if (attempt.number() > 1) {
            var type = any.values().oneOf(EventType.class);
            long sequence = stream.size() + any.values().random.nextInt(3) - 1L;
            var zombie = of(ID, any.event(type, Math.max(0, sequence)));
            var ended = below(attempt);
            records.add(EventRecord.of(TOPIC, zombie, ended, null));
        }
    }

    /* With a lower number, or a lower epoch and any number. */
    private Attempt below(Attempt highest) {
        var random = any.values().random;
        return highest.epoch() > 0 && random.nextBoolean()
                ? new Attempt(random.nextLong(highest.epoch()), 1 + random.nextInt(9))
                : new Attempt(highest.epoch(), 1 + random.nextInt(highest.number() - 1));
    }

    private void addDuplicate() {
        if (!stream.isEmpty()) {
            var earlier = any.values().oneOf(stream);
            records.add(EventRecord.of(TOPIC, earlier.event(), earlier.attempt(), null));
        }
    }

    private void addForeign() {
        var key =
                any.values().flag()
                        ? ID.key()
                        : any.values().content().getBytes(StandardCharsets.UTF_8);
        var record =
                new ProducerRecord<>(
                        TOPIC, 0, key, any.values().content().getBytes(StandardCharsets.UTF_8));
        record.headers().add(EventHeaders.SEQUENCE, new byte[any.values().random.nextInt(8)]);
        records.add(record);
    }

    private boolean chance(int percent) {
        return any.values().random.nextInt(100) < percent;
    }

    private static StreamEvent of(StreamId id, StreamEvent event) {
        return new StreamEvent(id, event.sequence(), event.at(), event.placement(), event.body());
    }
}
