package io.tidemark.auditor.internal;

import io.tidemark.auditor.ViolationCode;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.Topics;

/** What the projector makes of a stream: section 8. */
public enum ResultKind {
    RESPONSE(ViolationCode.RESPONSE_MISSING, ViolationCode.RESPONSE_MISMATCH),
    USAGE(ViolationCode.USAGE_MISSING, ViolationCode.USAGE_MISMATCH);

    private final ViolationCode missing;
    private final ViolationCode mismatch;

    ResultKind(ViolationCode missing, ViolationCode mismatch) {
        this.missing = missing;
        this.mismatch = mismatch;
    }

    ViolationCode missing() {
        return missing;
    }

    ViolationCode mismatch() {
        return mismatch;
    }

    /** The topic it is in. */
    public Topic topic(Topics topics) {
        return switch (this) {
            case RESPONSE -> topics.responses();
            case USAGE -> topics.usage();
        };
    }
}
