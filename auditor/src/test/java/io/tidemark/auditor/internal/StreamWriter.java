package io.tidemark.auditor.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ItemBody.ContentCompleted;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ItemBody.ItemStarted;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.ItemBody.Lane;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;
import io.tidemark.schemas.Usage;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes the records of one stream as workers do, one attempt after the other. */
final class StreamWriter {
    static final int PARTITION = 3;
    static final long BEGAN_AT = 1_800_000_000_000L;

    private static final String EVENTS = Topics.defaults().events().name();
    private static final String COMMANDS = Topics.defaults().commands().name();

    private static final Usage USAGE = Usage.ofTotals(9L, 12L, 21L);

    private final StreamId id;
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final Map<Placement, StringBuilder> texts = new HashMap<>();
    private int attempt = 1;
    private long next;

    StreamWriter(StreamId id) {
        this.id = id;
    }

    /** An id on a partition, told from others by a number. */
    static StreamId id(int partition, long number) {
        return id(partition, number, BEGAN_AT);
    }

    static StreamId id(int partition, long number, long time) {
        var clock = InstantSource.fixed(Instant.ofEpochMilli(time));
        return StreamId.mint(clock, () -> number, partition);
    }

    /**
     * A stream of one message that a second worker finishes, with one record of the first worker's
     * behind the fence.
     */
    static StreamWriter takenOver(long number) {
        return whole(number, true);
    }

    /** A stream of one message. */
    static StreamWriter plain(long number) {
        return whole(number, false);
    }

    private static StreamWriter whole(long number, boolean takenOver) {
        var writer = new StreamWriter(id(PARTITION, number)).start().status();
        writer.item(0);
        writer.text(0, 0, "Twice a day the sea ").status();
        if (takenOver) {
            writer.fence().text(0, 0, "rises").zombie(1, 7, Status.of(Status.IN_PROGRESS));
        } else {
            writer.text(0, 0, "rises");
        }
        return writer.text(0, 0, ".").completeLane(0, 0).completeItem(0).complete();
    }

    StreamWriter start() {
        return say(Placement.NONE, started(attempt));
    }

    static Started started(int attempt) {
        return new Started(
                "openai", "gpt-5", "openai.responses", null, attempt, null, null, null, null);
    }

    /** A status, which changes nothing of what a stream is folded to. */
    StreamWriter status() {
        return say(Placement.NONE, Status.of(Status.IN_PROGRESS));
    }

    StreamWriter item(int outputIndex) {
        return say(Placement.item(outputIndex, null), new ItemStarted(message()));
    }

    static Item message() {
        return new Item(Item.MESSAGE, null, "assistant", null, null, null, null, null);
    }

    StreamWriter text(int outputIndex, int contentIndex, String text) {
        var place = Placement.content(outputIndex, contentIndex, null);
        texts.computeIfAbsent(place, _ -> new StringBuilder()).append(text);
        return say(place, new TextDelta(text, null));
    }

    StreamWriter completeLane(int outputIndex, int contentIndex) {
        var place = Placement.content(outputIndex, contentIndex, null);
        return say(place, sum(texts.getOrDefault(place, new StringBuilder()).toString()));
    }

    static ContentCompleted sum(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return new ContentCompleted(
                Lane.TEXT, null, null, bytes.length, Fingerprint.of(bytes).hash(), null);
    }

    StreamWriter completeItem(int outputIndex) {
        return say(
                Placement.item(outputIndex, null),
                new ItemCompleted(Item.MESSAGE, ItemStatus.COMPLETED, null, null));
    }

    StreamWriter complete() {
        return say(
                Placement.NONE,
                new Completed(Outcome.COMPLETE, "stop", null, null, USAGE, null, null));
    }

    StreamWriter say(Placement place, EventBody body) {
        records.add(record(attempt, next, place, body));
        next++;
        return this;
    }

    /** Another worker takes over. */
    StreamWriter fence() {
        attempt++;
        records.add(EventRecord.fence(EVENTS, id, new Attempt(0, attempt)));
        return this;
    }

    /** A worker that a fence has ended writes on. */
    StreamWriter zombie(int ended, long sequence, EventBody body) {
        records.add(record(ended, sequence, Placement.NONE, body));
        return this;
    }

    ProducerRecord<byte[], byte[]> record(int by, long sequence, Placement place, EventBody body) {
        long at = BEGAN_AT + sequence * 20;
        var event = new StreamEvent(id, sequence, at, place, body);
        return EventRecord.of(EVENTS, event, new Attempt(0, by), null);
    }

    StreamId id() {
        return id;
    }

    int attempt() {
        return attempt;
    }

    /** The sequence its next event would have. */
    long next() {
        return next;
    }

    List<ProducerRecord<byte[], byte[]>> records() {
        return List.copyOf(records);
    }

    static ProducerRecord<byte[], byte[]> startOf(StreamId id) {
        return startOf(id, BEGAN_AT);
    }

    static ProducerRecord<byte[], byte[]> startOf(StreamId id, long at) {
        var nothing = JsonNodeFactory.instance.objectNode();
        return CommandCodec.record(
                COMMANDS,
                new Command.Start(
                        id,
                        at,
                        "openai.responses",
                        "openai",
                        "gpt-5",
                        nothing,
                        Command.OnDisconnect.CONTINUE,
                        null,
                        Map.of(),
                        null));
    }

    static ProducerRecord<byte[], byte[]> fenceOf(StreamId id, long epoch) {
        return EventRecord.fence(EVENTS, id, new Attempt(epoch, 1));
    }

    static ProducerRecord<byte[], byte[]> claimOf(int partition) {
        return CommandCodec.record(COMMANDS, new Command.Claim(partition, BEGAN_AT, "worker-2"));
    }

    static ProducerRecord<byte[], byte[]> doneOf(StreamId id, int attempt, long lastSequence) {
        return CommandCodec.record(
                COMMANDS, new Command.Done(id, BEGAN_AT, "worker-1", 0, attempt, lastSequence));
    }
}
