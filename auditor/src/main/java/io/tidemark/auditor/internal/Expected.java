package io.tidemark.auditor.internal;

import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.ResponseFold;

/** What the projector has to make of a stream: the hashes of its two results. Immutable. */
record Expected(Fingerprint response, Fingerprint usage) {
    /** The results of a fold that has seen the terminal event. */
    static Expected of(ResponseFold fold) {
        return new Expected(
                Fingerprint.of(ResponseCodec.encode(fold.response().orElseThrow())),
                Fingerprint.of(ResponseCodec.encode(fold.usageRow().orElseThrow())));
    }

    Fingerprint of(ResultKind kind) {
        return switch (kind) {
            case RESPONSE -> response;
            case USAGE -> usage;
        };
    }
}
