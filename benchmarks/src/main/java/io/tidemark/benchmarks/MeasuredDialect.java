package io.tidemark.benchmarks;

import io.tidemark.devkit.Recording;
import io.tidemark.ingest.internal.ProviderApi;
import io.tidemark.ingest.internal.anthropic.MessagesApi;
import io.tidemark.ingest.internal.chat.ChatApi;
import io.tidemark.ingest.internal.google.GenerateApi;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.ingest.internal.transcription.TranscriptionApi;

import java.util.List;
import java.util.function.Supplier;

/**
 * A dialect that is measured: what reads it, and what there is of it to read. Immutable.
 *
 * @param api what reads it
 * @param recordedApi what recordings of it are called
 * @param writtenStream the stream that was written for it
 */
record MeasuredDialect(ProviderApi api, String recordedApi, Supplier<byte[]> writtenStream) {
    /** All there are. */
    static final List<MeasuredDialect> ALL =
            List.of(
                    new MeasuredDialect(new ResponsesApi(), "responses", WrittenStreams::responses),
                    new MeasuredDialect(new ChatApi(), "chat", WrittenStreams::chat),
                    new MeasuredDialect(new MessagesApi(), "anthropic", WrittenStreams::anthropic),
                    new MeasuredDialect(new GenerateApi(), "gemini", WrittenStreams::gemini),
                    new MeasuredDialect(
                            new TranscriptionApi(),
                            "transcriptions",
                            WrittenStreams::transcription));

    /**
     * The one of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static MeasuredDialect named(String name) {
        return ALL.stream()
                .filter(dialect -> dialect.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no dialect is named " + name));
    }

    /** The name by which requests choose it. */
    String name() {
        return api.name();
    }

    /** The one stream that was written for it. */
    List<byte[]> written() {
        return List.of(writtenStream.get());
    }

    /** Every stream that was recorded of it; empty where there are no recordings. */
    List<byte[]> recorded() {
        return Recording.ofApi(recordedApi).stream().map(Recording::bytes).toList();
    }
}
