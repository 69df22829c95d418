package io.tidemark.ingest.internal.google;

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
 * Reads chunks of {@code streamGenerateContent}. The end is the end of the bytes after every
 * candidate has its finish reason; a provider that leaves the connection open gets {@link #HOLD} to
 * say what it has consumed. Confined to one thread.
 */
final class GenerateDialect implements Dialect {
    /** How long more about the usage may take to follow the last finish reason. */
    static final Duration HOLD = Duration.ofSeconds(2);

    /* A chunk that holds none of these says something that has no meaning here. */
    private static final Set<String> KNOWN =
            Set.of(
                    "candidates",
                    "promptFeedback",
                    "usageMetadata",
                    "modelVersion",
                    "responseId",
                    "createTime");

    private final LiveGeneration live;

    private GenerateDialect(LiveGeneration live) {
        this.live = live;
    }

    static Normaliser normaliser(NormaliserContext context) {
        var live = new LiveGeneration(context);
        return new DialectNormaliser(live.out(), new GenerateDialect(live));
    }

    @Override
    public void read(ObjectNode json, @Nullable String event, int chars) {
        if (json.hasNonNull("error")) {
            error(ProviderError.of(json));
            return;
        }
        live.begin(new Chunk(json, chars));
        if (KNOWN.stream().anyMatch(json::has)) {
            readChunk(json);
        } else if (!json.isEmpty()) {
            live.unmapped().type(event == null ? "chunk" : event, json, chars);
        }
    }

    private void readChunk(ObjectNode json) {
        live.learn(json);
        boolean blocked = PromptFeedback.read(live, json.path("promptFeedback"));
        if (blocked) {
            return;
        }
        int place = 0;
        for (var candidate : json.path("candidates")) {
            var index = ProviderJson.index(candidate, "index");
            if (candidate.isObject()) {
                live.candidate(index == null ? place : index).read(candidate);
            }
            place++;
        }
    }

    /** A whole answer is a stream of one chunk. */
    @Override
    public void whole(ObjectNode answer) {
        if (answer.path("candidates").isArray() || answer.path("promptFeedback").isObject()) {
            read(answer, null, ProviderJson.text(answer).length());
            done();
        }
    }

    @Override
    public void done() {
        if (!live.out().ended()) {
            Ending.done(live);
        }
    }

    @Override
    public void error(ProviderError error) {
        Ending.fail(live, error);
    }

    @Override
    public void endOfBytes() {
        if (live.finished()) {
            Ending.complete(live);
        }
    }

    @Override
    public Optional<Duration> holding() {
        return live.finished() && !live.mayGoOn() ? Optional.of(HOLD) : Optional.empty();
    }

    @Override
    public void holdExpired() {
        Ending.complete(live);
    }

    @Override
    public void closeAll(ItemStatus status) {
        live.closeAll(status);
    }

    @Override
    public @Nullable Usage usageSoFar() {
        return live.usage();
    }
}
