package io.tidemark.ingest.internal.responses;

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
 * Reads a Responses stream: frames go through {@link FrameTable}. An {@code error} is held back,
 * because {@code response.failed} may follow and say more. Confined to one thread.
 */
final class ResponsesDialect implements Dialect {
    /** How long {@code response.failed} may take to follow {@code error}. */
    static final Duration HOLD = Duration.ofSeconds(1);

    private static final String ERROR = "error";

    /* What a response is that is over; one that is still going on has another status. */
    private static final Set<String> ENDINGS =
            Set.of("completed", "incomplete", "cancelled", "failed");

    private final LiveResponse response;
    /* Highest number that an earlier connection has brought; -1 if there was none. */
    private long resumedAfter = -1;

    private ResponsesDialect(LiveResponse response) {
        this.response = response;
    }

    static Normaliser normaliser(NormaliserContext context) {
        var response = new LiveResponse(context);
        return new DialectNormaliser(response.out(), new ResponsesDialect(response));
    }

    @Override
    public void read(ObjectNode json, @Nullable String event, int chars) {
        var frame = new ProviderFrame(type(json, event), json, chars);
        var number = frame.sequenceNumber();
        if (number != null && number <= resumedAfter) {
            return;
        }
        response.out().advanceTo(number);
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

    @Override
    public void resumed() {
        resumedAfter = response.out().cursor().orElse(resumedAfter);
    }

    /** A whole answer is read as the terminal event that would have stated it. */
    @Override
    public void whole(ObjectNode answer) {
        boolean known = "response".equals(ProviderJson.word(answer, "object"));
        var status = answer.path("status").asText("completed");
        if (known && ENDINGS.contains(status)) {
            var json = ProviderJson.newObject().put("type", "response." + status);
            json.set("response", answer);
            read(json, null, ProviderJson.text(json).length());
        }
    }

    @Override
    public void done() {
        if (response.heldError() == null) {
            Ending.done(response);
        } else {
            holdExpired();
        }
    }

    @Override
    public void error(ProviderError error) {
        response.hold(error);
    }

    @Override
    public Optional<Duration> holding() {
        return response.heldError() == null ? Optional.empty() : Optional.of(HOLD);
    }

    @Override
    public void holdExpired() {
        Ending.fail(response, ProviderError.NONE, null);
    }

    @Override
    public void closeAll(ItemStatus status) {
        response.closeAll(status);
    }

    /** Usage is stated at the end, or not at all. */
    @Override
    public @Nullable Usage usageSoFar() {
        return null;
    }
}
