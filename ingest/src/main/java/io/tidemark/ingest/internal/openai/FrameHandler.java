package io.tidemark.ingest.internal.openai;

/** What one type of event does to a response. Stateless. */
@FunctionalInterface
interface FrameHandler {
    void handle(LiveResponse response, ProviderFrame frame);
}
