package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.node.ArrayNode;

import io.tidemark.ingest.internal.output.AudioWriter;
import io.tidemark.ingest.internal.output.DescribedItem;
import io.tidemark.ingest.internal.output.LaneKind;
import io.tidemark.ingest.internal.output.LaneState;
import io.tidemark.schemas.ItemBody.ItemStatus;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/** The message of a choice: its text, refusal and speech. Confined to one thread. */
final class Message implements Part {
    /** The one part that a message has; what differs in kind is another lane of it. */
    static final int PART = 0;

    private static final int BASE64_GROUP = 4;

    /* One character is not even a byte, and here it is too late to complain of others. */
    private static final Pattern UNPADDED_REST = Pattern.compile("[A-Za-z0-9+/]{2,3}");

    private final Choice choice;
    private final LiveChat chat;
    private final DescribedItem item;
    private final AudioWriter audio;
    private String heldAudio = "";
    private @Nullable String signature;
    private boolean refused;

    Message(Choice choice, DescribedItem item) {
        this.choice = choice;
        this.chat = choice.chat();
        this.item = item;
        this.audio = new AudioWriter(chat.out(), chat.audioFormat());
    }

    DescribedItem item() {
        return item;
    }

    boolean refused() {
        return refused;
    }

    void text(String text, @Nullable ArrayNode logprobs, Wording wording) {
        var lane = lane(LaneKind.TEXT);
        if (wording == Wording.PIECE || !lane.started()) {
            chat.writer().delta(item, lane, text, logprobs);
        } else {
            wording.write(chat.writer(), item, lane, text);
        }
        choice.touch(this);
    }

    void refusal(String text, Wording wording) {
        refused = true;
        wording.write(chat.writer(), item, lane(LaneKind.REFUSAL), text);
        choice.touch(this);
    }

    void transcript(String text, Wording wording) {
        wording.write(chat.writer(), item, lane(LaneKind.TRANSCRIPT), text);
        choice.touch(this);
    }

    /**
     * A piece of audio; what is cut between the four characters that make three bytes waits for the
     * rest of them.
     */
    void audio(String base64, Wording wording) {
        if (wording == Wording.WHOLE && lane(LaneKind.AUDIO).started()) {
            return;
        }
        var all = heldAudio + base64;
        int whole = all.length() - all.length() % BASE64_GROUP;
        heldAudio = all.substring(whole);
        audio.write(item, PART, all.substring(0, whole));
        choice.touch(this);
    }

    /** What the provider signed it with. */
    void sign(String with) {
        signature = chat.kept(signature, with);
    }

    @Override
    public void close(ItemStatus status) {
        if (UNPADDED_REST.matcher(heldAudio).matches()) {
            audio.write(item, PART, heldAudio);
        }
        heldAudio = "";
        chat.writer().complete(item, status, signature, null);
    }

    private LaneState lane(LaneKind kind) {
        return item.lanes().lane(kind, PART);
    }
}
