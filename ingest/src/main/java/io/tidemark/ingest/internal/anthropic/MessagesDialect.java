package io.tidemark.ingest.internal.anthropic;

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

/**
 * Reads a Messages stream: frames go through {@link FrameTable}. Everything there is to know is
 * known when {@code message_stop} comes, so nothing is ever waited for. Confined to one thread.
 */
final class MessagesDialect implements Dialect {
    private static final String ERROR_SUFFIX = "_error";

    private final LiveMessage message;

    private MessagesDialect(LiveMessage message) {
        this.message = message;
    }

    static Normaliser normaliser(NormaliserContext context) {
        var message = new LiveMessage(context);
        return new DialectNormaliser(message.out(), new MessagesDialect(message));
    }

    @Override
    public void read(ObjectNode json, @Nullable String event, int chars) {
        var frame = new MessageFrame(type(json, event), json, chars);
        message.unmapped().nextFrame();
        FrameTable.handle(message, frame);
    }

    /* The data says what it is; its event's name counts where it does not, and for errors, which
     * come by their own type from some servers. */
    private static String type(ObjectNode json, @Nullable String event) {
        var stated = ProviderJson.word(json, "type");
        if (stated != null && FrameTable.types().contains(stated)) {
            return stated;
        }
        boolean error =
                FrameTable.ERROR.equals(event)
                        || json.path("error").isObject()
                        || (stated != null && stated.endsWith(ERROR_SUFFIX));
        if (error) {
            return FrameTable.ERROR;
        }
        /* "message" is what a browser calls an event without a name. */
        var named = event == null ? FrameTable.MESSAGE : event;
        return stated == null ? named : stated;
    }

    /** A whole answer is read as the message that {@code message_start} would have announced. */
    @Override
    public void whole(ObjectNode answer) {
        boolean known = FrameTable.MESSAGE.equals(ProviderJson.word(answer, "type"));
        if (known && answer.path("content").isArray()) {
            read(answer, null, ProviderJson.text(answer).length());
        }
    }

    /** Gateways end a stream so, some of them instead of {@code message_stop}. */
    @Override
    public void done() {
        Ending.end(message);
    }

    @Override
    public void error(ProviderError error) {
        Ending.fail(message, error);
    }

    @Override
    public void closeAll(ItemStatus status) {
        message.reader().closeAll(status);
    }

    /** What was said of it when the message began, and what has been corrected since. */
    @Override
    public @Nullable Usage usageSoFar() {
        return message.usage().soFar();
    }
}
