package io.tidemark.ingest.internal.responses;

/** What one type of event does to a response. Stateless. */
@FunctionalInterface
interface FrameHandler {
    void handle(LiveResponse response, ProviderFrame frame);
}
