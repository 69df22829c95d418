package io.tidemark.ingest.internal.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.Normaliser;
import io.tidemark.ingest.internal.ProviderError;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.SseFrame;
import io.tidemark.ingest.internal.SseSignal;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.LifecycleBody;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.ReportBody.UsageUpdated;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the stream of any dialect: finds the JSON in what the connection brings, has the dialect
 * read it, and sees to it that there is one end. Confined to one thread.
 *
 * <pre>
 *   reading --the end announced--&gt; holding --more about it, end of bytes, time--&gt; ended
 *      `---the end, end of bytes, what cannot be read, our own end--------------^
 * </pre>
 */
public final class DialectNormaliser implements Normaliser {
    private static final String DONE_MARKER = "[DONE]";
    private static final String ERROR_LINE = "error:";
    private static final String ERROR_EVENT = "error";

    private final Outbox out;
    private final Dialect dialect;
    private final StrayJson stray = new StrayJson();

    /**
     * @param out where the dialect puts what it reads
     */
    public DialectNormaliser(Outbox out, Dialect dialect) {
        this.out = out;
        this.dialect = dialect;
    }

    @Override
    public List<Draft> accept(SseSignal signal) {
        return reading(() -> {
            switch (signal) {
                case SseSignal.Frame(var frame) -> {
                    stray.forget();
                    read(frame);
                }
                case SseSignal.Unfinished(var frame) -> readIfWhole(frame);
                case SseSignal.Stray(var line) -> readStray(line);
                case SseSignal.Overflow(int limitBytes) ->
                        throw new ProtocolViolation(
                                "The provider sent an event of more than "
                                        + limitBytes
                                        + " bytes.");
                case SseSignal.Comment() -> {}
                case SseSignal.Retry(_) -> {}
            }
        });
    }

    @Override
    public List<Draft> whole(ObjectNode answer) {
        var said = reading(() -> dialect.whole(answer));
        return ended() ? said : List.of(); // what says nothing is no answer, whoever it is from
    }

    @Override
    public List<Draft> endOfBytes() {
        return reading(() -> {
            if (dialect.holding().isPresent()) {
                dialect.holdExpired();
            } else {
                dialect.endOfBytes();
            }
            if (!ended()) {
                fail(ErrorCode.CONNECTION_LOST, "The provider's stream broke off.");
            }
        });
    }

    @Override
    public List<Draft> end(LifecycleBody terminal) {
        if (!terminal.terminal()) {
            throw new IllegalArgumentException("not a terminal: " + terminal.getClass());
        }
        if (!ended()) {
            close();
            out.add(terminal);
        }
        return out.take();
    }

    @Override
    public boolean ended() {
        return out.ended();
    }

    @Override
    public boolean contentSent() {
        return out.contentSent();
    }

    @Override
    public Optional<Duration> holding() {
        return ended() ? Optional.empty() : dialect.holding();
    }

    @Override
    public List<Draft> holdExpired() {
        return reading(() -> {
            if (dialect.holding().isPresent()) {
                dialect.holdExpired();
            }
        });
    }

    @Override
    public void resumed() {
        stray.forget();
        dialect.resumed();
    }

    @Override
    public OptionalLong providerSequence() {
        return out.cursor();
    }

    private List<Draft> reading(Runnable read) {
        if (!ended()) {
            try {
                read.run();
            } catch (ProtocolViolation e) {
                fail(ErrorCode.PROTOCOL_ERROR, String.valueOf(e.getMessage()));
            }
        }
        return out.take();
    }

    private void read(SseFrame frame) {
        if (frame.data().isBlank()) {
            return; // as browsers have it: an event without data is none
        }
        if (isDone(frame)) {
            dialect.done();
            return;
        }
        var json = ProviderJson.value(frame.data());
        if (ERROR_EVENT.equals(frame.event())
                && !json.map(JsonNode::isContainerNode).orElse(false)) {
            dialect.error(saidPlainly(json.orElse(null), frame.data()));
            return;
        }
        read(
                json.orElseThrow(() -> new ProtocolViolation("The provider sent unreadable JSON.")),
                frame);
    }

    /* An error in words, with or without the quotes that make JSON of them. */
    private static ProviderError saidPlainly(@Nullable JsonNode json, String data) {
        return new ProviderError(null, null, json == null ? data : json.asText());
    }

    /* Gemini puts an error in an array of one. */
    private void read(JsonNode json, SseFrame frame) {
        if (json instanceof ArrayNode array && !array.isEmpty()) {
            array.forEach(element -> read(element, frame.event(), chars(element)));
        } else {
            read(json, frame.event(), frame.data().length());
        }
    }

    private void read(JsonNode json, @Nullable String event, int chars) {
        if (!(json instanceof ObjectNode object)) {
            throw new ProtocolViolation("The provider sent JSON that is not an object.");
        }
        if (!ended()) {
            dialect.read(object, event, chars);
        }
    }

    private static int chars(JsonNode json) {
        return ProviderJson.text(json).length();
    }

    private static boolean isDone(SseFrame frame) {
        return frame.data().strip().equals(DONE_MARKER);
    }

    /* JSON says by itself where it ends: if it can be read, nothing of it is missing. */
    private void readIfWhole(SseFrame frame) {
        if (isDone(frame)) {
            dialect.done();
        } else {
            ProviderJson.value(frame.data())
                    .filter(JsonNode::isContainerNode)
                    .ifPresent(json -> read(json, frame));
        }
    }

    private void readStray(String line) {
        int brace = line.indexOf('{');
        boolean errorLine = brace > 0 && line.substring(0, brace).strip().equals(ERROR_LINE);
        var whole =
                brace == 0 || errorLine
                        ? ProviderJson.object(line.substring(brace))
                        : Optional.<ObjectNode>empty();
        if (whole.isPresent()) {
            whole.filter(json -> errorLine || json.hasNonNull("error"))
                    .ifPresent(json -> dialect.error(ProviderError.of(json)));
        } else {
            stray.error(line).ifPresent(json -> dialect.error(ProviderError.of(json)));
        }
    }

    private void fail(ErrorCode code, String message) {
        boolean partial = contentSent();
        close();
        out.add(Failed.of(code, message, partial));
    }

    /* The usage of a stream that the provider did not end is what it had said so far. */
    private void close() {
        dialect.closeAll(ItemStatus.INCOMPLETE);
        var usage = dialect.usageSoFar();
        if (usage != null) {
            out.add(new UsageUpdated(usage, null, null));
        }
    }
}
