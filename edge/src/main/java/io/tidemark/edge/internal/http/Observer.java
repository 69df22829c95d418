package io.tidemark.edge.internal.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;

import io.tidemark.edge.internal.live.Frame;
import io.tidemark.edge.internal.live.Reader;
import io.tidemark.edge.internal.live.ReaderSink;
import io.tidemark.edge.internal.live.Readers;
import io.tidemark.edge.internal.live.Refusal;
import io.tidemark.schemas.LifecycleBody;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/**
 * Follows a stream on behalf of a request that needs to know where it stands: tells once what was
 * found, and later, if it is still there, the end. Confined to the request's I/O thread.
 */
final class Observer implements ReaderSink {
    /** What is known of a stream. */
    sealed interface Finding {
        /** There is no trace of it in the log. */
        record Unknown() implements Finding {}

        /** It was asked for; no event was written yet. */
        record Accepted() implements Finding {}

        /** It goes on; this is its newest event. */
        record Open(long lastSequence) implements Finding {}

        /** It is over. */
        record Ended(long lastSequence) implements Finding {}

        /** It was erased. */
        record Erased() implements Finding {}

        /** It cannot be found out, now. */
        record Unavailable() implements Finding {}
    }

    /** How an open stream ended. */
    enum End {
        /** Because somebody asked for it. */
        CANCELLED,
        /** In any other way. */
        OTHERWISE,
        /** It was not seen to end. */
        NOT_SEEN
    }

    private final boolean untilEnd;
    private final Consumer<Finding> found;
    private Consumer<End> listener = _ -> {};
    private @Nullable End end;
    private @Nullable Reader reader;
    private boolean told;
    private long last = -1;
    private @Nullable Frame terminal;

    /**
     * An observer that has not begun.
     *
     * @param untilEnd whether to follow an open stream until it ends, or {@link #stop()}
     * @param found told what was found, once
     */
    Observer(boolean untilEnd, Consumer<Finding> found) {
        this.untilEnd = untilEnd;
        this.found = found;
    }

    void start(Readers readers, Call call, StreamId id) {
        reader = readers.observer(id, call.caller().tenant(), call.loop(), this);
        reader.start();
    }

    /**
     * Asks to be told when there is nothing more to see; at once if that is so already.
     *
     * @param listener told once
     */
    void whenOver(Consumer<End> listener) {
        this.listener = listener;
        if (end != null) {
            listener.accept(end);
        }
    }

    private void over(End how) {
        if (end == null) {
            end = how;
            listener.accept(how);
        }
    }

    private static End how(Frame terminal) {
        try {
            return Json.MAPPER
                            .readTree(terminal.data())
                            .path("outcome")
                            .asText("")
                            .equals(LifecycleBody.Outcome.CANCELLED.wire())
                    ? End.CANCELLED
                    : End.OTHERWISE;
        } catch (JsonProcessingException e) {
            return End.OTHERWISE;
        }
    }

    /** Gives up to see the end. */
    void lose() {
        stop();
        over(End.NOT_SEEN);
    }

    /** Stops to follow. */
    void stop() {
        requireNonNull(reader, "reader").disconnected();
    }

    private void tell(Finding finding) {
        if (!told) {
            told = true;
            found.accept(finding);
        }
    }

    @Override
    public void open() {
        // Nothing to prepare.
    }

    @Override
    public void refuse(Refusal refusal) {
        end = End.NOT_SEEN;
        tell(
                switch (refusal) {
                    case Refusal.Unknown _ -> new Finding.Unknown();
                    case Refusal.Erased _ -> new Finding.Erased();
                    case Refusal.AtEnd(long at) -> new Finding.Ended(at);
                    case Refusal.Gone _,
                            Refusal.BeyondEnd _,
                            Refusal.Missing _,
                            Refusal.Undecided _,
                            Refusal.Busy _,
                            Refusal.Unavailable _,
                            Refusal.Draining _ ->
                            new Finding.Unavailable();
                });
    }

    @Override
    public boolean write(Frame[] frames, int count) {
        var newest = frames[count - 1];
        last = Math.max(last, newest.sequence());
        if (newest.terminal()) {
            terminal = newest;
        }
        return true;
    }

    @Override
    public void caughtUp() {
        tell(last < 0 ? new Finding.Accepted() : new Finding.Open(last));
        if (!untilEnd) {
            stop();
        }
    }

    @Override
    public void erased() {
        tell(new Finding.Erased());
        over(End.NOT_SEEN);
    }

    @Override
    public void end() {
        if (terminal == null) {
            tell(new Finding.Unavailable());
            over(End.NOT_SEEN);
        } else {
            tell(new Finding.Ended(last));
            over(how(terminal));
        }
    }
}
