package io.tidemark.ingest.internal.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.Normaliser;
import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.ProviderError;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.SseFrame;
import io.tidemark.ingest.internal.SseSignal;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.LifecycleBody;
import io.tidemark.schemas.LifecycleBody.Failed;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads a Responses stream: frames go through {@link FrameTable}, and this class sees to it that
 * there is one end. Confined to one thread.
 *
 * <pre>
 *   reading --error--> holding --response.failed, end of bytes, time--> ended
 *      |                  `----any other terminal-----------------------^
 *      `---terminal frame, end of bytes, what cannot be read------------^
 * </pre>
 */
final class ResponsesNormaliser implements Normaliser {
    /** How long {@code response.failed} may take to follow {@code error}. */
    static final Duration HOLD = Duration.ofSeconds(1);

    private static final String ERROR = "error";
    private static final String DONE_MARKER = "[DONE]";

    /* What a response is that is over; one that is still going on has another status. */
    private static final Set<String> ENDINGS =
            Set.of("completed", "incomplete", "cancelled", "failed");

    private final LiveResponse response;

    ResponsesNormaliser(NormaliserContext context) {
        this.response = new LiveResponse(context);
    }

    @Override
    public List<Draft> accept(SseSignal signal) {
        if (ended()) {
            return List.of();
        }
        try {
            switch (signal) {
                case SseSignal.Frame(var frame) -> read(frame);
                case SseSignal.Unfinished(var frame) -> readIfWhole(frame);
                case SseSignal.Stray(var line) -> readStray(line);
                case SseSignal.Overflow(int limitBytes) ->
                        violated(
                                "The provider sent an event of more than "
                                        + limitBytes
                                        + " bytes.");
                case SseSignal.Comment() -> {}
                case SseSignal.Retry(_) -> {}
            }
        } catch (ProtocolViolation e) {
            violated(String.valueOf(e.getMessage()));
        }
        return response.out().take();
    }

    /** A whole answer is read as the terminal event that would have stated it. */
    @Override
    public List<Draft> whole(ObjectNode answer) {
        boolean known = "response".equals(ProviderJson.word(answer, "object"));
        var status = answer.path("status").asText("completed");
        if (ended() || !known || !ENDINGS.contains(status)) {
            return List.of();
        }
        var json = ProviderJson.newObject().put("type", "response." + status);
        json.set("response", answer);
        try {
            read(json, null, ProviderJson.text(json).length());
        } catch (ProtocolViolation e) {
            violated(String.valueOf(e.getMessage()));
        }
        return response.out().take();
    }

    @Override
    public List<Draft> endOfBytes() {
        if (!ended() && response.heldError() == null) {
            fail(ErrorCode.CONNECTION_LOST, "The provider's stream broke off.");
        }
        return holdExpired();
    }

    @Override
    public List<Draft> end(LifecycleBody terminal) {
        if (!terminal.terminal()) {
            throw new IllegalArgumentException("not a terminal: " + terminal.getClass());
        }
        if (!ended()) {
            response.closeAll(ItemStatus.INCOMPLETE);
            response.out().add(terminal);
        }
        return response.out().take();
    }

    @Override
    public boolean ended() {
        return response.out().ended();
    }

    @Override
    public boolean contentSent() {
        return response.out().contentSent();
    }

    @Override
    public Optional<Duration> holding() {
        return ended() || response.heldError() == null ? Optional.empty() : Optional.of(HOLD);
    }

    @Override
    public List<Draft> holdExpired() {
        if (!ended() && response.heldError() != null) {
            Ending.fail(response, ProviderError.NONE, null);
        }
        return response.out().take();
    }

    @Override
    public OptionalLong providerSequence() {
        return response.out().cursor();
    }

    private void read(SseFrame frame) {
        if (frame.data().isBlank()) {
            return; // as browsers have it: an event without data is none
        }
        if (frame.data().strip().equals(DONE_MARKER)) {
            done();
            return;
        }
        var json =
                ProviderJson.object(frame.data())
                        .orElseThrow(
                                () -> new ProtocolViolation("The provider sent unreadable JSON."));
        read(json, frame.event(), frame.data().length());
    }

    private void read(ObjectNode json, @Nullable String event, int chars) {
        var frame = new ProviderFrame(type(json, event), json, chars);
        response.out().advanceTo(frame.sequenceNumber());
        response.unmapped().nextFrame();
        FrameTable.handle(response, frame);
    }

    /* An event named "error" may have the error's own type in its data. */
    private static String type(ObjectNode json, @Nullable String event) {
        var stated = ProviderJson.word(json, "type");
        if (stated != null) {
            boolean error = ERROR.equals(event) && !FrameTable.types().contains(stated);
            return error ? ERROR : stated;
        }
        if (event != null) {
            return event;
        }
        /* "message" is what a browser calls an event without a name. */
        return json.hasNonNull(ERROR) ? ERROR : "message";
    }

    private void done() {
        if (response.heldError() == null) {
            Ending.done(response);
        } else {
            Ending.fail(response, ProviderError.NONE, null);
        }
    }

    /* JSON says by itself where it ends: if an object can be read, nothing of it is missing. */
    private void readIfWhole(SseFrame frame) {
        if (frame.data().strip().equals(DONE_MARKER)) {
            done();
            return;
        }
        ProviderJson.object(frame.data())
                .ifPresent(json -> read(json, frame.event(), frame.data().length()));
    }

    private void readStray(String line) {
        int brace = line.indexOf('{');
        boolean errorLine = brace > 0 && line.substring(0, brace).strip().equals("error:");
        if (brace != 0 && !errorLine) {
            return;
        }
        ProviderJson.object(line.substring(brace))
                .filter(json -> errorLine || json.hasNonNull("error"))
                .ifPresent(json -> response.hold(ProviderError.of(json)));
    }

    private void violated(String message) {
        fail(ErrorCode.PROTOCOL_ERROR, message);
    }

    private void fail(ErrorCode code, String message) {
        boolean partial = contentSent();
        response.closeAll(ItemStatus.INCOMPLETE);
        response.out().add(Failed.of(code, message, partial));
    }
}
