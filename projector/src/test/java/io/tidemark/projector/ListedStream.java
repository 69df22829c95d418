package io.tidemark.projector;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.ResponseFold;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.UsageRow;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A stream of somebody, of three events, that a list shows.
 *
 * @param status how it ends; in progress if it does not
 */
public record ListedStream(
        StreamId id,
        @Nullable String tenant,
        String provider,
        String model,
        Response.Status status) {
    private static final List<String> PROVIDERS = List.of("openai", "anthropic", "local");
    private static final List<String> MODELS = List.of("gpt-5", "gpt-5-mini", "opus", "gemini*x");

    /** One that a random source thinks of. */
    public static ListedStream random(
            RandomGenerator random, List<String> tenants, int partition, long at) {
        var id = StreamId.mint(InstantSource.fixed(Instant.ofEpochMilli(at)), random, partition);
        var tenant = tenants.get(random.nextInt(tenants.size()));
        var statuses = Response.Status.values();
        return new ListedStream(
                id,
                tenant.isEmpty() ? null : tenant,
                PROVIDERS.get(random.nextInt(PROVIDERS.size())),
                MODELS.get(random.nextInt(MODELS.size())),
                statuses[random.nextInt(statuses.length)]);
    }

    /** When it began, in epoch milliseconds; it ends two later. */
    public long at() {
        return id.time().toEpochMilli();
    }

    /** Whether it has ended when all is written. */
    public boolean ends() {
        return status != Response.Status.IN_PROGRESS;
    }

    /** The records of its events, the last one only if it ends. */
    public List<ProducerRecord<byte[], byte[]>> records() {
        return ends() ? List.of(record(0), record(1), record(2)) : List.of(record(0), record(1));
    }

    /** The record of one of its events. */
    public ProducerRecord<byte[], byte[]> record(long sequence) {
        return EventRecord.of(
                SampleStream.EVENTS, event(sequence), new Attempt(0, 1), null, false, tenant);
    }

    /** Its ledger row, if it ends. */
    public UsageRow row() {
        var fold = new ResponseFold();
        for (long sequence = 0; sequence < 3; sequence++) {
            fold.add(1, event(sequence));
        }
        return fold.usageRow().orElseThrow();
    }

    private StreamEvent event(long sequence) {
        return new StreamEvent(id, sequence, at() + sequence, placement(sequence), body(sequence));
    }

    private static Placement placement(long sequence) {
        return sequence == 1 ? Placement.content(0, 0, null) : Placement.NONE;
    }

    private EventBody body(long sequence) {
        if (sequence == 0) {
            var labels = Map.of("secret", "label");
            return new Started(provider, model, null, null, 1, null, null, tenant, labels);
        }
        return sequence == 1 ? new TextDelta("secret text", null) : end();
    }

    private EventBody end() {
        return switch (status) {
            case COMPLETED -> completed(Outcome.COMPLETE, "stop");
            case INCOMPLETE -> completed(Outcome.INCOMPLETE, "length");
            case CANCELLED -> completed(Outcome.CANCELLED, "cancelled");
            case FAILED, IN_PROGRESS -> failed();
        };
    }

    private static Completed completed(Outcome outcome, String reason) {
        return new Completed(outcome, reason, null, null, null, null, null);
    }

    private static Failed failed() {
        return new Failed(
                "aborted", "secret words", true, null, true, null, null, null, null, null);
    }
}
