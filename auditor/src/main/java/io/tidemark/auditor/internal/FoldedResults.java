package io.tidemark.auditor.internal;

import io.tidemark.schemas.BoundedResult;
import io.tidemark.schemas.JsonComparison;
import io.tidemark.schemas.LogFold;
import io.tidemark.schemas.Topics;

import java.util.Optional;

/**
 * What is to be published of a stream that has ended: both values as their topics take them, but
 * for what the stream cost, which is of the prices at the time and not of the log. Immutable.
 */
@SuppressWarnings("ArrayRecordComponent") // made once per stream, never compared
record FoldedResults(byte[] response, byte[] usage) {
    private static final JsonComparison RESPONSES = JsonComparison.ofResponses();
    private static final JsonComparison ROWS = JsonComparison.ofUsageRows();

    /** What a fold leaves behind; empty before the terminal event, or if that cannot be read. */
    static Optional<FoldedResults> of(LogFold fold, Topics topics) {
        var response = fold.response();
        var row = fold.usageRow();
        if (response.isEmpty() || row.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new FoldedResults(
                        BoundedResult.of(response.get(), topics.responses().valueBytesMax()).json(),
                        BoundedResult.of(row.get(), topics.usage().valueBytesMax()).json()));
    }

    /** A value of one of the topics, as far as it is compared. */
    static byte[] compared(ResultKind kind, byte[] published) {
        return switch (kind) {
            case RESPONSE -> published;
            case USAGE -> CostCut.without(published);
        };
    }

    byte[] of(ResultKind kind) {
        return switch (kind) {
            case RESPONSE -> response;
            case USAGE -> usage;
        };
    }

    /** What is kept of them. */
    Prints prints() {
        return new Prints(Fingerprint.of(response), Fingerprint.of(usage));
    }

    /** How values of a kind are compared. */
    static JsonComparison comparison(ResultKind kind) {
        return switch (kind) {
            case RESPONSE -> RESPONSES;
            case USAGE -> ROWS;
        };
    }

    @Override
    public String toString() {
        return "FoldedResults[responseBytes=%d, usageBytes=%d]"
                .formatted(response.length, usage.length);
    }

    /** Fingerprints of both values. */
    record Prints(Fingerprint response, Fingerprint usage) {
        Fingerprint of(ResultKind kind) {
            return switch (kind) {
                case RESPONSE -> response;
                case USAGE -> usage;
            };
        }
    }
}
