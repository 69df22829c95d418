package io.tidemark.ingest.internal.openai;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.Normaliser;
import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.SseSignal;
import io.tidemark.schemas.LifecycleBody;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads a Responses stream. Confined to one thread. */
final class ResponsesNormaliser implements Normaliser {
    private final NormaliserContext context;
    private boolean ended;

    ResponsesNormaliser(NormaliserContext context) {
        this.context = context;
    }

    @Override
    public List<Draft> accept(SseSignal signal) {
        return List.of();
    }

    @Override
    public List<Draft> endOfBytes() {
        ended = true;
        return List.of();
    }

    @Override
    public List<Draft> end(LifecycleBody terminal) {
        ended = true;
        return List.of(Draft.of(terminal));
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public boolean contentSent() {
        return context.request().isEmpty();
    }

    @Override
    public Optional<Duration> holding() {
        return Optional.empty();
    }

    @Override
    public List<Draft> holdExpired() {
        return List.of();
    }

    @Override
    public OptionalLong providerSequence() {
        return OptionalLong.empty();
    }
}
