package io.tidemark.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Streams that were written by a worker, written again as logs have them after years: under ids of
 * their own, of tenants, several at a time; some taken over, written twice, with holes, with what
 * cannot be read and with what is somebody else's, some without an end. The same for the same seed
 * and the same streams. Confined to one thread.
 */
final class WornStreams {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AT_A_TIME = 8;
    private static final int SHORTEST_WORN = 4;
    private static final List<String> TENANTS = List.of("", "acme", "globex");
    private static final Instant FIRST = Instant.ofEpochMilli(1_790_000_000_000L);

    private final List<List<ConsumerRecord<byte[], byte[]>>> originals;
    private final String topic;
    private final int partitions;
    private final Random random;
    private long number;
    private int ended;

    /**
     * Nothing yet.
     *
     * @param originals whole streams, each with all its records
     * @param topic where the copies go
     */
    WornStreams(
            List<List<ConsumerRecord<byte[], byte[]>>> originals,
            String topic,
            int partitions,
            long seed) {
        this.originals = originals;
        this.topic = topic;
        this.partitions = partitions;
        this.random = new Random(seed);
    }

    /** How many have an end. */
    int ended() {
        return ended;
    }

    /** The records of some more, one among the other, each in its order. */
    List<ProducerRecord<byte[], byte[]>> next(int streams) {
        var all = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int made = 0; made < streams; made += AT_A_TIME) {
            var some = new ArrayList<List<ProducerRecord<byte[], byte[]>>>();
            for (int one = made; one < Math.min(streams, made + AT_A_TIME); one++) {
                some.add(new ArrayList<>(stream()));
            }
            while (!some.isEmpty()) {
                var from = some.get(random.nextInt(some.size()));
                all.add(from.removeFirst());
                some.removeIf(List::isEmpty);
            }
        }
        return all;
    }

    /* All originals come by turns, so that each is there when there are enough copies. */
    private List<ProducerRecord<byte[], byte[]>> stream() {
        var copy = new Copy(originals.get((int) (number % originals.size())));
        var records = copy.all();
        ended++;
        if (records.size() >= SHORTEST_WORN) {
            wear(copy, records);
        }
        return records;
    }

    private void wear(Copy copy, List<ProducerRecord<byte[], byte[]>> records) {
        int last = records.size() - 1;
        int middle = 1 + random.nextInt(last - 1);
        switch (random.nextInt(10)) {
            case 0 -> takeOver(copy, middle, records);
            case 1 -> records.add(middle + 1, copy.record(middle, 0));
            case 2 -> records.remove(middle);
            case 3 -> records.set(middle, copy.garbage(middle));
            case 4 -> records.add(middle, copy.foreign());
            case 5 -> records.add(copy.record(middle, 0));
            case 6 -> {
                records.subList(middle + 1, records.size()).clear();
                ended--;
            }
            default -> {
                /* As it was. */
            }
        }
    }

    /* The first writer lives on for a while, and comes back behind the end. */
    private static void takeOver(
            Copy copy, int middle, List<ProducerRecord<byte[], byte[]>> records) {
        int last = records.size() - 1;
        records.clear();
        for (int index = 0; index < middle; index++) {
            records.add(copy.record(index, 0));
        }
        records.add(copy.fence());
        records.add(copy.record(middle, 0));
        for (int index = middle; index <= last; index++) {
            records.add(copy.record(index, 1));
        }
        records.add(copy.record(last, 0));
    }

    /** A stream that says what another one does. */
    private final class Copy {
        private final List<ConsumerRecord<byte[], byte[]>> original;
        private final StreamId id;
        private final @Nullable String tenant;
        private final long epoch;

        private Copy(List<ConsumerRecord<byte[], byte[]>> original) {
            long its = number++;
            var began = FIRST.plusMillis(its);
            this.original = original;
            this.id =
                    StreamId.mint(
                            InstantSource.fixed(began), () -> its, random.nextInt(partitions));
            var some = TENANTS.get(random.nextInt(TENANTS.size()));
            this.tenant = some.isEmpty() ? null : some;
            this.epoch = original.stream().mapToLong(Copy::epoch).max().orElseThrow();
        }

        private static long epoch(ConsumerRecord<byte[], byte[]> record) {
            return switch (EventRecord.of(record)) {
                case EventRecord.Entry entry -> entry.headers().attempt().epoch();
                case EventRecord.Fence fence -> fence.attempt().epoch();
                case EventRecord.Foreign _ -> 0;
            };
        }

        List<ProducerRecord<byte[], byte[]>> all() {
            var all = new ArrayList<ProducerRecord<byte[], byte[]>>();
            for (int index = 0; index < original.size(); index++) {
                all.add(record(index, 0));
            }
            return all;
        }

        /* Later writers have later epochs. */
        ProducerRecord<byte[], byte[]> record(int index, int later) {
            return switch (EventRecord.of(original.get(index))) {
                case EventRecord.Entry entry -> {
                    var record = to(json(entry.value()));
                    headers(entry.headers(), later).writeTo(record.headers());
                    yield record;
                }
                case EventRecord.Fence fence -> EventRecord.fence(topic, id, fence.attempt());
                case EventRecord.Foreign foreign ->
                        throw new IllegalStateException("a worker wrote " + foreign);
            };
        }

        private EventHeaders headers(EventHeaders its, int later) {
            var attempt =
                    later == 0 ? its.attempt() : new Attempt(epoch + later, its.attempt().number());
            return new EventHeaders(
                    its.type(), its.sequence(), attempt, its.traceparent(), its.presence(), tenant);
        }

        private byte[] json(byte[] value) {
            try {
                var json = (ObjectNode) JSON.readTree(value);
                return JSON.writeValueAsBytes(json.put("requestId", id.toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        ProducerRecord<byte[], byte[]> fence() {
            return EventRecord.fence(topic, id, new Attempt(epoch + 1, 1));
        }

        /* An event by its headers, and none by its value. */
        ProducerRecord<byte[], byte[]> garbage(int index) {
            var record = foreign();
            if (EventRecord.of(original.get(index)) instanceof EventRecord.Entry entry) {
                headers(entry.headers(), 0).writeTo(record.headers());
            }
            return record;
        }

        ProducerRecord<byte[], byte[]> foreign() {
            return to(new byte[7]);
        }

        private ProducerRecord<byte[], byte[]> to(byte[] value) {
            return new ProducerRecord<>(topic, id.partition(), id.key(), value);
        }
    }
}
