package io.tidemark.edge.internal.http;

import io.tidemark.edge.internal.live.ErasedStreams;
import io.tidemark.edge.internal.live.Erasing;
import io.tidemark.edge.internal.live.Readers;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.Erasure;
import io.tidemark.schemas.StreamId;

import java.time.InstantSource;

/**
 * {@code DELETE /v1/streams/{id}}: nobody reads the stream any more. Answered when the log has it,
 * and once more in the same way to whoever asks again. Thread-safe.
 *
 * <p>A stream that goes on is cancelled first: what is written after its erasure is content that
 * nobody may see. So an erasure that is in the log means that the cancel is, too. The key of an
 * encrypted stream is deleted last, and again for whoever asks again.
 */
final class EraseEndpoint implements Endpoint {
    private final Readers readers;
    private final CommandWriter writer;
    private final StreamKeys keys;
    private final Absence absence;
    private final ErasedStreams erased;
    private final Erasing erasing;
    private final String topic;
    private final InstantSource clock;

    /**
     * An endpoint.
     *
     * @param erasing told of what is in the log, so that this edge need not wait to read it
     * @param topic name of the topic that edges and projectors read erasures from
     */
    EraseEndpoint(
            Readers readers,
            CommandWriter writer,
            StreamKeys keys,
            Absence absence,
            Erasing erasing,
            String topic,
            InstantSource clock) {
        this.readers = readers;
        this.writer = writer;
        this.keys = keys;
        this.absence = absence;
        this.erased = erasing.erased();
        this.erasing = erasing;
        this.topic = topic;
        this.clock = clock;
    }

    @Override
    public void handle(Call call) {
        var id = call.id();
        if (erased.isOf(id, call.caller().tenant())) {
            again(call, id);
        } else {
            call.later(() ->
                    new Observer(false, found -> found(call, id, found)).start(readers, call, id));
        }
    }

    private void found(Call call, StreamId id, Observer.Finding finding) {
        switch (finding) {
            case Observer.Finding.Open _, Observer.Finding.Accepted _ ->
                    call.blockingNow(() -> cancelAndErase(call, id));
            case Observer.Finding.Ended _ -> call.blockingNow(() -> erase(call, id));
            case Observer.Finding.Erased _ -> call.blockingNow(() -> deleteKey(call, id));
            case Observer.Finding.Unknown _ ->
                    absence.explain(
                            call,
                            id,
                            _ -> call.blockingNow(() -> erase(call, id)),
                            () -> call.blockingNow(() -> deleteKey(call, id)));
            case Observer.Finding.Unavailable _ ->
                    call.answer(Problem.unavailable("log_unavailable", "the log cannot be read"));
        }
    }

    /* Whoever was asked before may have died before it deleted the key. */
    private void again(Call call, StreamId id) {
        if (keys.mayHave(id)) {
            call.blocking(() -> deleteKey(call, id));
        } else {
            done(call);
        }
    }

    private static void done(Call call) {
        call.answer(Reply.noContent());
    }

    private void cancelAndErase(Call call, StreamId id) {
        var cancelled = writer.write(new Command.Cancel(id, clock.millis()));
        if (cancelled == CommandWriter.Outcome.ACKNOWLEDGED) {
            erase(call, id);
        } else {
            call.onLoop(() -> answer(call, cancelled));
        }
    }

    private void erase(Call call, StreamId id) {
        var erasure = new Erasure(id, clock.millis(), call.caller().tenant());
        var outcome = writer.write(erasure.record(topic));
        /* Not unless the log has it: whoever asks again is to have it written again. */
        if (outcome == CommandWriter.Outcome.ACKNOWLEDGED) {
            erasing.heed(erasure);
            deleteKey(call, id);
        } else {
            call.onLoop(() -> answer(call, outcome));
        }
    }

    /* Behind the erasure, so that what cannot be read any more is refused, never shown as it is. */
    private void deleteKey(Call call, StreamId id) {
        var outcome = keys.delete(id);
        call.onLoop(() -> answer(call, outcome));
    }

    private static void answer(Call call, CommandWriter.Outcome outcome) {
        switch (outcome) {
            case ACKNOWLEDGED -> done(call);
            case NOT_SENT, TOO_LARGE -> call.answer(Problem.notSent());
            case UNCERTAIN ->
                    call.answer(
                            Problem.unavailable(
                                    "log_unavailable",
                                    "the log did not acknowledge in time; ask again"));
        }
    }
}
