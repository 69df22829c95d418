package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.Normaliser;
import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.ProviderError;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.Dialect;
import io.tidemark.ingest.internal.output.DialectNormaliser;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.Usage;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a stream of Chat Completions. When all choices have said why they ended, the end is held
 * back for the usage, which may follow in a chunk of its own; {@code [DONE]}, the end of bytes or
 * the time ends the wait. Confined to one thread.
 */
final class ChatDialect implements Dialect {
    /** How long usage and {@code [DONE]} may take to follow the last finish reason. */
    static final Duration HOLD = Duration.ofSeconds(2);

    /* Signs of life. */
    private static final Set<String> QUIET = Set.of("ping", "keepalive", "heartbeat");

    private final LiveChat chat;

    private ChatDialect(LiveChat chat) {
        this.chat = chat;
    }

    static Normaliser normaliser(NormaliserContext context) {
        var chat = new LiveChat(context);
        return new DialectNormaliser(chat.out(), new ChatDialect(chat));
    }

    @Override
    public void read(ObjectNode json, @Nullable String event, int chars) {
        var frame = new ChatFrame(json, chars);
        chat.unmapped().nextFrame();
        boolean usage = frame.partOfAnswer() && chat.read(frame);
        var error = ChatErrors.of(frame, event);
        if (error != null) {
            Ending.fail(chat, error, usage || chat.meter().lastWord());
        } else if (!frame.partOfAnswer()) {
            passOn(frame, event);
        }
    }

    private void passOn(ChatFrame frame, @Nullable String event) {
        var type = type(frame.json(), event);
        if (!frame.json().isEmpty() && !QUIET.contains(type)) {
            chat.unmapped().type(type, frame.json(), frame.chars());
        }
    }

    private static String type(ObjectNode json, @Nullable String event) {
        var type = ProviderJson.word(json, "type");
        var object = ProviderJson.word(json, "object");
        if (type != null || object != null) {
            return type == null ? String.valueOf(object) : type;
        }
        /* "message" is what a browser calls an event without a name. */
        return event == null ? "message" : event;
    }

    @Override
    public void whole(ObjectNode answer) {
        var frame = new ChatFrame(answer, ProviderJson.text(answer).length());
        boolean usage = frame.partOfAnswer() && chat.read(frame);
        var error = ChatErrors.of(frame, null);
        if (error != null) {
            Ending.fail(chat, error, usage);
        } else if (!chat.empty()) {
            Ending.end(chat, true);
        }
    }

    @Override
    public void done() {
        Ending.end(chat, true);
    }

    @Override
    public void error(ProviderError error) {
        Ending.fail(chat, error, chat.meter().lastWord());
    }

    /**
     * Some servers never say {@code [DONE]}: then a finish reason for every choice there was is the
     * end, even if something came after it or more choices were asked for.
     */
    @Override
    public void endOfBytes() {
        boolean ended =
                !chat.choices().isEmpty()
                        && chat.choices().stream().allMatch(choice -> choice.finishWord() != null);
        if (ended) {
            Ending.end(chat, false);
        }
    }

    @Override
    public Optional<Duration> holding() {
        return chat.finished() ? Optional.of(HOLD) : Optional.empty();
    }

    @Override
    public void holdExpired() {
        Ending.end(chat, false);
    }

    @Override
    public void closeAll(ItemStatus status) {
        chat.closeAll(status);
    }

    @Override
    public @Nullable Usage usageSoFar() {
        return chat.meter().usage();
    }
}
