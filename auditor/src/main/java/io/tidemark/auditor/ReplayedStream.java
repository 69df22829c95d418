package io.tidemark.auditor;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.StreamId;

import java.util.List;

/**
 * One stream, folded again. Holds no content.
 *
 * @param differences what is wrong, response first; empty unless the verdict says that something is
 */
public record ReplayedStream(
        StreamId requestId, ReplayVerdict verdict, List<ReplayDifference> differences) {
    public ReplayedStream {
        requireNonNull(requestId, "requestId");
        requireNonNull(verdict, "verdict");
        differences = List.copyOf(differences);
    }
}
