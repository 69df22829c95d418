package io.tidemark.auditor.internal;

import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.Placement;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Valid streams at random, interleaved on one partition: several items and lanes at a time,
 * takeovers at any moment, and workers that write on behind the fence that ended them.
 */
final class RandomStreams {
    private static final int ITEMS_MAX = 3;
    private static final int LANES_MAX = 2;
    private static final int STEPS_MAX = 25;

    private final Random random;

    RandomStreams(Random random) {
        this.random = random;
    }

    /** A partition with so many streams and their results. */
    WrittenPartition partition(int streams) {
        var writers = new ArrayList<StreamWriter>();
        for (int i = 0; i < streams; i++) {
            writers.add(stream(i));
        }
        var log = new WrittenPartition();
        interleave(writers, log);
        writers.forEach(log::command);
        return log.project();
    }

    private void interleave(List<StreamWriter> writers, WrittenPartition log) {
        var queues = new ArrayList<Deque<ProducerRecord<byte[], byte[]>>>();
        writers.forEach(writer -> queues.add(new ArrayDeque<>(writer.records())));
        while (!queues.isEmpty()) {
            var queue = queues.get(random.nextInt(queues.size()));
            log.append(queue.remove());
            queues.removeIf(Deque::isEmpty);
        }
    }

    private StreamWriter stream(long number) {
        var writer = new StreamWriter(StreamWriter.id(StreamWriter.PARTITION, number));
        disturb(writer);
        writer.start();
        int items = 1 + random.nextInt(ITEMS_MAX);
        for (int item = 0; item < items; item++) {
            writer.item(item).text(item, 0, "a");
        }
        int steps = random.nextInt(STEPS_MAX);
        for (int step = 0; step < steps; step++) {
            disturb(writer);
            if (random.nextInt(6) == 0) {
                writer.status();
            } else {
                writer.text(random.nextInt(items), random.nextInt(LANES_MAX), text());
            }
        }
        close(writer, items);
        disturb(writer);
        return writer;
    }

    private void close(StreamWriter writer, int items) {
        for (int item = 0; item < items; item++) {
            for (int lane = 0; lane < LANES_MAX; lane++) {
                writer.completeLane(item, lane);
                disturb(writer);
            }
            writer.completeItem(item);
        }
        disturb(writer);
        if (random.nextBoolean()) {
            writer.complete();
        } else {
            writer.say(Placement.NONE, Failed.of(ErrorCode.PROVIDER_ERROR, "It went away.", true));
        }
    }

    /* A takeover at times, and afterwards whatever those before it may still write. */
    private void disturb(StreamWriter writer) {
        if (random.nextInt(12) == 0) {
            writer.fence();
        }
        while (writer.attempt() > 1 && random.nextInt(5) == 0) {
            int ended = 1 + random.nextInt(writer.attempt() - 1);
            long sequence = Math.max(0, writer.next() + random.nextInt(5) - 2);
            writer.zombie(
                    ended,
                    sequence,
                    random.nextBoolean()
                            ? new TextDelta("out of time", null)
                            : Status.of(Status.IN_PROGRESS));
        }
    }

    private String text() {
        var text = new StringBuilder();
        int length = 1 + random.nextInt(8);
        for (int i = 0; i < length; i++) {
            text.append(random.nextBoolean() ? "tide " : "\u6f6e\u6c50 ");
        }
        return text.toString();
    }
}
