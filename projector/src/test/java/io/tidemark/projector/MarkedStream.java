package io.tidemark.projector;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.DeltaBody.Citation;
import io.tidemark.schemas.DeltaBody.CitationAdded;
import io.tidemark.schemas.DeltaBody.ReasoningDelta;
import io.tidemark.schemas.DeltaBody.RefusalDelta;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemStarted;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.LifecycleBody.Warning;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.ReportBody.UsageUpdated;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.ToolBody.Executor;
import io.tidemark.schemas.ToolBody.InputKind;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolDelta;
import io.tidemark.schemas.Usage;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * A stream that has a word in everything that somebody has said: text, reasoning, a refusal, a tool
 * call, a source, labels and messages.
 *
 * @param marker the word, which is nowhere else
 */
public record MarkedStream(StreamId id, String marker) {
    private static final long PACE_MS = 30;
    private static final int TEXTS = 12;

    /** A stream on a partition, told from others by a number. */
    public static MarkedStream of(int partition, long number, String marker) {
        var began = Instant.ofEpochMilli(1_800_000_000_000L + number);
        var id = StreamId.mint(InstantSource.fixed(began), () -> number, partition);
        return new MarkedStream(id, marker);
    }

    private List<EventBody> bodies() {
        var bodies = new ArrayList<EventBody>();
        bodies.add(
                new Started(
                        "openai",
                        "gpt-5",
                        "openai.responses",
                        null,
                        1,
                        null,
                        null,
                        "acme",
                        Map.of("label", marker)));
        bodies.add(
                new Status(
                        Status.IN_PROGRESS,
                        "resp_" + marker,
                        "gpt-5-mini",
                        "tier-" + marker,
                        2,
                        marker,
                        "azure",
                        marker,
                        Map.of("x-said", marker)));
        bodies.add(
                new ItemStarted(new Item(Item.MESSAGE, null, null, null, null, null, null, null)));
        for (int i = 0; i < TEXTS; i++) {
            bodies.add(new TextDelta(marker + i + " ", null));
        }
        bodies.add(new UsageUpdated(usage(3), null, null));
        bodies.add(new ReasoningDelta(marker, null));
        bodies.add(new RefusalDelta(marker));
        bodies.add(new ToolDelta("call_" + marker, InputKind.JSON, "{\"a\":\"" + marker, null));
        bodies.add(
                new ToolCall(
                        "call_" + marker,
                        "tool_" + marker,
                        null,
                        null,
                        InputKind.JSON,
                        "{\"a\":\"" + marker + "\"}",
                        Executor.CLIENT,
                        null,
                        null));
        bodies.add(
                new CitationAdded(
                        null,
                        new Citation("url", marker, marker, null, null, null, null, marker, null)));
        bodies.add(new Warning("odd", marker, marker));
        bodies.add(
                new Completed(
                        Outcome.COMPLETE, "stop", marker, null, usage(40), null, "resp_" + marker));
        return bodies;
    }

    private static Usage usage(long output) {
        return new Usage(
                7L,
                output,
                7 + output,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** Sequence of its terminal event. */
    public long last() {
        return bodies().size() - 1L;
    }

    /** The record of a sequence under an attempt. */
    public ProducerRecord<byte[], byte[]> record(long sequence, int attempt) {
        long at = id.time().toEpochMilli() + sequence * PACE_MS;
        var place =
                sequence == 0 || sequence == last()
                        ? Placement.NONE
                        : Placement.content(0, 0, null);
        var event = new StreamEvent(id, sequence, at, place, bodies().get((int) sequence));
        return EventRecord.of(SampleStream.EVENTS, event, new Attempt(0, attempt), null);
    }

    /** The records of sequences from {@code first} to {@code last}, both inclusive. */
    public List<ProducerRecord<byte[], byte[]>> records(long first, long last) {
        return records(first, last, 1);
    }

    /** The same under another attempt. */
    public List<ProducerRecord<byte[], byte[]>> records(long first, long last, int attempt) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(sequence -> record(sequence, attempt))
                .toList();
    }

    /** All its records. */
    public List<ProducerRecord<byte[], byte[]>> records() {
        return records(0, last());
    }

    /** A fence. */
    public ProducerRecord<byte[], byte[]> fence(int attempt) {
        return EventRecord.fence(SampleStream.EVENTS, id, new Attempt(0, attempt));
    }
}
