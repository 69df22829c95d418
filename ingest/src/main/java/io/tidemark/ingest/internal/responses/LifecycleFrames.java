package io.tidemark.ingest.internal.responses;

import static java.util.Map.entry;

import io.tidemark.ingest.internal.ProviderError;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.LifecycleBody.Warning;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.ReportBody.ConversationUpdated;

import java.util.Map;

/** Events about the response as a whole. */
final class LifecycleFrames {
    static final Map<String, FrameHandler> TABLE =
            Map.ofEntries(
                    entry("response.queued", status(Status.QUEUED)),
                    entry("response.created", status(Status.ACCEPTED)),
                    entry("response.in_progress", status(Status.IN_PROGRESS)),
                    entry("response.compaction.compacting", status(Status.COMPACTING)),
                    entry("response.completed", ending(Ending.COMPLETED)),
                    entry("response.done", ending(Ending.COMPLETED)),
                    entry("response.incomplete", ending(Ending.INCOMPLETE)),
                    entry("response.cancelled", ending(Ending.CANCELLED)),
                    entry("response.failed", ending(Ending.FAILED)),
                    entry("error", LifecycleFrames::error),
                    entry("keepalive", (_, _) -> {}),
                    entry("ping", (_, _) -> {}),
                    entry("response.steer.accepted", conversation("input_queued")),
                    entry("response.steer.pending", conversation("input_pending")),
                    entry("response.inject.created", conversation("input_queued")),
                    entry("response.steer.failed", warning("steer_failed")),
                    entry("response.inject.failed", warning("inject_failed")));

    private LifecycleFrames() {}

    private static FrameHandler status(String status) {
        return (response, frame) -> {
            response.learn(frame.node("response"));
            response.enter(status);
        };
    }

    private static FrameHandler ending(Ending assumed) {
        return (response, frame) -> assumed.end(response, frame);
    }

    /** Holds the error back, because more about it may follow. */
    static void error(LiveResponse response, ProviderFrame frame) {
        response.hold(ProviderError.of(frame.json()));
    }

    private static FrameHandler conversation(String change) {
        return (response, _) ->
                response.out()
                        .add(
                                Placement.NONE,
                                new ConversationUpdated(change, null, null, null, null));
    }

    private static FrameHandler warning(String code) {
        return (response, frame) ->
                response.out()
                        .add(
                                new Warning(
                                        code,
                                        "The provider did not take the added input.",
                                        ProviderJson.word(frame.node("error"), "code")));
    }
}
