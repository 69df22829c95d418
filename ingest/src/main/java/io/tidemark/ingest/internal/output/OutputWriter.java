package io.tidemark.ingest.internal.output;

import com.fasterxml.jackson.databind.node.ArrayNode;

import io.tidemark.schemas.DeltaBody.Citation;
import io.tidemark.schemas.DeltaBody.CitationAdded;
import io.tidemark.schemas.ItemBody.ItemCompleted;
import io.tidemark.schemas.ItemBody.ItemStarted;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.LifecycleBody.Warning;
import io.tidemark.schemas.ToolBody.Executor;
import io.tidemark.schemas.ToolBody.InputKind;
import io.tidemark.schemas.ToolBody.ToolCall;
import io.tidemark.schemas.ToolBody.ToolDelta;
import io.tidemark.schemas.ToolBody.ToolStatus;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what happens to items and their lanes, and keeps the promises made of them: a lane's
 * pieces are valid Unicode and none is empty, what a provider restates completes what was sent, and
 * nothing is closed twice.
 */
public final class OutputWriter {
    /** Longest text of one event, in characters; a longer one is cut into several. */
    public static final int DELTA_CHARS_MAX = 64 * 1024;

    private final Outbox out;
    private boolean clientCalled;
    private boolean refused;

    public OutputWriter(Outbox out) {
        this.out = out;
    }

    /** Whether a call was sent that the client has to run. */
    public boolean clientCalled() {
        return clientCalled;
    }

    /** Whether the model refused. */
    public boolean refused() {
        return refused;
    }

    public void start(OutputItem item) {
        out.add(item.placement(), new ItemStarted(item.description()));
    }

    /** A piece of a lane, as it came; log probabilities are left out where no event holds them. */
    public void delta(OutputItem item, LaneState lane, String piece, @Nullable ArrayNode logprobs) {
        if (called(item, lane)) {
            return;
        }
        var weights = lane.kind().weighed() ? logprobs : null;
        if (!lane.open() && (!piece.isEmpty() || weights != null)) {
            mismatch(item, lane, "The provider went on with what it had closed.");
        }
        send(item, lane, lane.admit(piece), weights);
    }

    /** The whole of a lane, as the provider restates it: sends what is missing. */
    public void restate(OutputItem item, LaneState lane, @Nullable String whole) {
        if (whole == null || called(item, lane)) {
            return;
        }
        var missing = lane.missingOf(whole);
        if (missing == null) {
            mismatch(item, lane, "What the provider restated is not what it had streamed.");
        } else {
            send(item, lane, missing, null);
        }
    }

    /**
     * Text of which nobody says whether it is a piece or all so far: what begins with all that was
     * sent is taken for the latter, and only what is missing is sent.
     */
    public void pieceOrWhole(OutputItem item, LaneState lane, String text) {
        var missing = lane.missingOf(text);
        if (missing == null) {
            delta(item, lane, text, null);
        } else {
            send(item, lane, missing, null);
        }
    }

    /** Sums a lane up; nothing happens if it was and nothing came since. */
    public void close(OutputItem item, LaneState lane, boolean truncated) {
        if (lane.open()) {
            closeQuietly(item, lane);
            out.add(item.placement(lane.contentIndex()), lane.completed(truncated));
        }
    }

    /** Sums a lane up again, now that it turned out to be cut off. */
    public void truncate(OutputItem item, LaneState lane) {
        closeQuietly(item, lane);
        out.add(item.placement(lane.contentIndex()), lane.completed(true));
    }

    /** Sends a source of one part, under its index among the sources of that part. */
    public void cite(OutputItem item, int contentIndex, int annotationIndex, Citation citation) {
        out.add(item.placement(contentIndex), new CitationAdded(annotationIndex, citation));
    }

    /**
     * A value of a call's input, or a piece of one, that belongs at a path in it; the call has to
     * state the whole.
     */
    public void deltaAt(OutputItem item, String path, String piece) {
        if (piece.isEmpty()) {
            return;
        }
        var lane = item.lanes().input(LaneKind.JSON_PATH_INPUT);
        for (var text : cut(piece)) {
            lane.record(text.getBytes(StandardCharsets.UTF_8));
            out.add(
                    item.placement(),
                    new ToolDelta(item.callId(), InputKind.JSON_PATH, text, path));
        }
    }

    /**
     * Says whose voice a lane of a transcript is of, of which something may have been sent already:
     * then it is said by itself, if there is anything to say.
     */
    public void introduce(OutputItem item, LaneState lane, Voice voice) {
        lane.speakWith(voice);
        if (lane.started() && voice.described()) {
            out.add(item.placement(lane.contentIndex()), lane.delta("", null, null));
        }
    }

    /** Sends the item's call, once. */
    public void call(OutputItem item, ToolCall call) {
        if (item.callSent()) {
            return;
        }
        for (var lane : item.lanes().all()) {
            if (lane.kind().inputKind() != null) {
                closeQuietly(item, lane);
                lane.forgetInput();
            }
        }
        item.markCallSent();
        clientCalled |= call.executor() == Executor.CLIENT;
        out.add(item.placement(), call);
    }

    /** The tool's progress; a repetition says nothing new. */
    public void toolStatus(OutputItem item, String tool, String status) {
        if (item.enters(status)) {
            out.add(item.placement(), new ToolStatus(tool, item.callId(), status));
        }
    }

    /** Closes what is open of the item, and then the item. */
    public void complete(
            OutputItem item,
            ItemStatus status,
            @Nullable String signature,
            @Nullable String encryptedContent) {
        for (var lane : item.lanes().all()) {
            if (lane.started()) {
                close(item, lane, status != ItemStatus.COMPLETED);
            }
            lane.forgetInput();
        }
        if (!item.completed()) {
            item.markCompleted();
            out.add(
                    item.placement(),
                    new ItemCompleted(item.kind(), status, signature, encryptedContent));
        }
    }

    private void closeQuietly(OutputItem item, LaneState lane) {
        send(item, lane, lane.release(), null);
        lane.close();
    }

    /* The call holds the whole input: what comes after it is none of it. */
    private static boolean called(OutputItem item, LaneState lane) {
        return item.callSent() && lane.kind().inputKind() != null;
    }

    private void mismatch(OutputItem item, LaneState lane, String message) {
        if (lane.firstMismatch()) {
            out.add(
                    item.placement(lane.contentIndex()),
                    new Warning(Warning.CONTENT_MISMATCH, message, null));
        }
    }

    private void send(OutputItem item, LaneState lane, String text, @Nullable ArrayNode logprobs) {
        if (text.isEmpty() && logprobs == null) {
            return;
        }
        lane.start();
        refused |= lane.kind() == LaneKind.REFUSAL;
        var place = item.placement(lane.contentIndex());
        var callId = item.callId();
        var pieces = cut(text);
        for (int i = 0; i < pieces.size(); i++) {
            boolean last = i == pieces.size() - 1;
            out.add(place, lane.delta(pieces.get(i), last ? logprobs : null, callId));
        }
    }

    /* Between characters, none longer than one event may be. */
    private static List<String> cut(String text) {
        if (text.length() <= DELTA_CHARS_MAX) {
            return List.of(text);
        }
        var pieces = new ArrayList<String>();
        int from = 0;
        while (text.length() - from > DELTA_CHARS_MAX) {
            int to = from + DELTA_CHARS_MAX;
            to -= Character.isHighSurrogate(text.charAt(to - 1)) ? 1 : 0;
            pieces.add(text.substring(from, to));
            from = to;
        }
        pieces.add(text.substring(from));
        return pieces;
    }
}
