package io.tidemark.ingest.internal.transcription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.Normaliser;
import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.ProviderError;
import io.tidemark.ingest.internal.ProviderFault;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.Dialect;
import io.tidemark.ingest.internal.output.DialectNormaliser;
import io.tidemark.ingest.internal.output.Outbox;
import io.tidemark.ingest.internal.output.ProtocolViolation;
import io.tidemark.ingest.internal.output.Unmapped;
import io.tidemark.schemas.FinishReason;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.Usage;

import org.jspecify.annotations.Nullable;

/**
 * Reads a streamed transcription: pieces of text, segments with their speakers, and at the end the
 * whole, which is checked against what came before. Confined to one thread.
 */
final class TranscriptionDialect implements Dialect {
    private static final String DELTA = "transcript.text.delta";
    private static final String SEGMENT = "transcript.text.segment";
    private static final String DONE = "transcript.text.done";

    private final Outbox out = new Outbox();
    private final Unmapped unmapped;
    private final Transcript transcript;
    private boolean accepted;

    private TranscriptionDialect(NormaliserContext context) {
        this.unmapped = new Unmapped(context.provider(), out);
        this.transcript = new Transcript(out, context.limits());
    }

    static Normaliser normaliser(NormaliserContext context) {
        var dialect = new TranscriptionDialect(context);
        return new DialectNormaliser(dialect.out, dialect);
    }

    @Override
    public void read(ObjectNode json, @Nullable String event, int chars) {
        if (json.hasNonNull("error")) {
            error(ProviderError.of(json));
            return;
        }
        accept();
        unmapped.nextFrame();
        var stated = ProviderJson.word(json, "type");
        var type = stated != null ? stated : event == null ? "message" : event;
        switch (type) {
            case DELTA -> transcript.delta(json);
            case SEGMENT -> segment(json, chars);
            case DONE -> done(json);
            case "error" -> error(ProviderError.of(json));
            default -> unmapped.type(type, json, chars);
        }
    }

    private void accept() {
        if (!accepted) {
            accepted = true;
            out.add(Status.of(Status.ACCEPTED));
        }
    }

    private void segment(JsonNode json, int chars) {
        if (!transcript.segment(json)) {
            unmapped.variant(Placement.NONE, SEGMENT, json, chars);
        }
    }

    private void done(JsonNode json) {
        transcript.state(json);
        complete(FinishReason.STOP, TranscriptionUsage.of(json.path("usage")));
    }

    private void complete(FinishReason reason, @Nullable Usage usage) {
        transcript.close(ItemStatus.COMPLETED);
        out.add(new Completed(Outcome.COMPLETE, reason.wire(), null, null, usage, null, null));
    }

    /** A whole answer states its segments and then, as the last event would have, its text. */
    @Override
    public void whole(ObjectNode answer) {
        if (!answer.path("text").isTextual()) {
            return;
        }
        accept();
        unmapped.nextFrame();
        boolean known = answer.path("words").isEmpty();
        for (var segment : answer.path("segments")) {
            known &= transcript.segment(segment);
        }
        if (!known) {
            int chars = ProviderJson.text(answer).length();
            unmapped.variant(Placement.NONE, "transcription", answer, chars);
        }
        done(answer);
    }

    @Override
    public void done() {
        if (transcript.isEmpty()) {
            throw new ProtocolViolation("The provider's stream ended without a transcript.");
        }
        complete(FinishReason.OTHER, null);
    }

    @Override
    public void error(ProviderError error) {
        boolean partial = out.contentSent();
        transcript.close(ItemStatus.INCOMPLETE);
        out.add(ProviderFault.inStream(error).failed(partial, null));
    }

    @Override
    public void closeAll(ItemStatus status) {
        transcript.close(status);
    }

    /** Usage is stated at the end, or not at all. */
    @Override
    public @Nullable Usage usageSoFar() {
        return null;
    }
}
