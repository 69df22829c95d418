package io.tidemark.ingest.internal.output;

import com.fasterxml.jackson.databind.node.ArrayNode;

import io.tidemark.ingest.internal.LaneDigest;
import io.tidemark.ingest.internal.Unicode;
import io.tidemark.schemas.DeltaBody.TranscriptDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.ItemBody.ContentCompleted;

import org.jspecify.annotations.Nullable;

/**
 * What was sent of one lane: its length and running hash rather than its text, which is all that it
 * takes to check a restatement and to sum it up. What a call's input is put together from is kept
 * as well until the call is sent or the item ends, because some providers never restate it.
 */
public final class LaneState {
    /** Longest tool input put together from pieces, in characters. */
    public static final int INPUT_CHARS_MAX = 4 * 1024 * 1024;

    /* Far beyond any answer; keeps the counting in the range of an int. */
    private static final int CHARS_MAX = 1 << 30;

    private final LaneKind kind;
    private final @Nullable Integer contentIndex;
    private final @Nullable String segmentId;
    private final Allowance allowance;
    private final LaneDigest digest = new LaneDigest();

    private @Nullable StringBuilder input;
    private @Nullable Voice voice;
    private int chars;
    private int taken;
    private @Nullable Character heldSurrogate;
    private boolean started;
    private boolean open = true;
    private boolean mismatched;

    LaneState(
            LaneKind kind,
            @Nullable Integer contentIndex,
            @Nullable String segmentId,
            Allowance allowance) {
        this.kind = kind;
        this.allowance = allowance;
        this.contentIndex = contentIndex;
        this.segmentId = segmentId;
        this.input = kind.assembled() ? new StringBuilder() : null;
    }

    public LaneKind kind() {
        return kind;
    }

    /** Which part of the item; absent where an item has one such lane only. */
    public @Nullable Integer contentIndex() {
        return contentIndex;
    }

    /** Whose voice it is of; the assistant's where nothing was said of it. */
    public void speakWith(Voice known) {
        voice = known;
    }

    /** The event that carries a piece of it. */
    EventBody delta(String text, @Nullable ArrayNode logprobs, @Nullable String callId) {
        if (voice == null) {
            return kind.delta(text, logprobs, callId);
        }
        return new TranscriptDelta(
                text,
                voice.role(),
                segmentId,
                voice.speaker(),
                voice.startMs(),
                voice.endMs(),
                voice.language(),
                logprobs);
    }

    public boolean open() {
        return open;
    }

    /** Whether anything was sent of it or is held back; logprobs may come without text. */
    public boolean started() {
        return started || digest.bytes() > 0 || heldSurrogate != null;
    }

    void start() {
        started = true;
        open = true;
    }

    /** The input put together from what was sent; absent if it was let go of or never kept. */
    public @Nullable String input() {
        if (input != null) {
            return input.toString();
        }
        return chars == 0 ? "" : null;
    }

    /** Lets go of the input, once nobody will ask for it again. */
    void forgetInput() {
        input = null;
        allowance.freeInput(taken);
        taken = 0;
    }

    /**
     * What can be sent of a piece. A surrogate pair cut by the provider is mended: its first half
     * is held back until the second comes.
     */
    String admit(String piece) {
        var text = heldSurrogate == null ? piece : heldSurrogate + piece;
        heldSurrogate = null;
        if (!text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1))) {
            heldSurrogate = text.charAt(text.length() - 1);
            text = text.substring(0, text.length() - 1);
        }
        requireRoom(text.length());
        return record(Unicode.wellFormed(text));
    }

    /** What has to be sent of what was held back, now that nothing follows it. */
    String release() {
        if (heldSurrogate == null) {
            return "";
        }
        heldSurrogate = null;
        return record("\uFFFD");
    }

    /**
     * What is missing of the whole as the provider restates it; absent if what was sent is not how
     * the whole begins. An empty restatement restates nothing.
     */
    @Nullable String missingOf(String whole) {
        if (whole.isEmpty()) {
            return "";
        }
        var text = Unicode.wellFormed(whole);
        if (!beginsWithWhatWasSent(text)) {
            return null;
        }
        requireRoom(text.length() - chars);
        heldSurrogate = null;
        return record(text.substring(chars));
    }

    /* What was sent never ends inside a character, and half of one would hash as something else. */
    private boolean beginsWithWhatWasSent(String text) {
        return text.length() >= chars
                && !Unicode.insideCharacter(text, chars)
                && digest.matches(text.substring(0, chars));
    }

    /** Adds bytes of a lane that is not made of text. */
    public void record(byte[] piece) {
        digest.add(piece);
        open = true;
    }

    /** Whether this is the first time that the provider is found to contradict itself here. */
    boolean firstMismatch() {
        boolean first = !mismatched;
        mismatched = true;
        return first;
    }

    void close() {
        open = false;
    }

    ContentCompleted completed(boolean truncated) {
        return new ContentCompleted(
                kind.lane(),
                kind.form(),
                segmentId,
                digest.bytes(),
                digest.sha256(),
                truncated ? true : null);
    }

    private String record(String text) {
        if (text.isEmpty()) {
            return text;
        }
        if (input != null) {
            input.append(text);
        }
        chars += text.length();
        digest.add(text);
        open = true;
        return text;
    }

    private void requireRoom(int more) {
        int max = input == null ? CHARS_MAX : INPUT_CHARS_MAX;
        if (more > max - chars) {
            throw new ProtocolViolation(
                    "The provider sent more than " + max + " characters in one lane.");
        }
        if (input != null) {
            allowance.takeInput(more);
            taken += more;
        }
    }
}
