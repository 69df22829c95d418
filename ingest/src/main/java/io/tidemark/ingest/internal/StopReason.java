package io.tidemark.ingest.internal;

/** Why a stream is ended from outside. A later reason of higher rank overrides an earlier one. */
enum StopReason {
    /** Nobody reads it any more, at any edge, and its request wants it cancelled then. */
    DESERTED,
    /** A client asked: the stream completes as cancelled. */
    CANCELLED,
    /**
     * The worker shuts down: the stream fails as aborted, unless its provider goes on with it by
     * itself; then it is left to its next owner.
     */
    ABORTED,
    /** Not ours any more: nothing may be written, whoever owns it now takes it over. */
    ABANDONED
}
