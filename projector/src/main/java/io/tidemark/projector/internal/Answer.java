package io.tidemark.projector.internal;

/**
 * How a query for one response ended.
 *
 * <pre>{@code
 * switch (answer) {
 *     case Answer.Found(byte[] json) -> ...        // partial or final
 *     case Answer.Unknown() -> ...                 // no such stream, or none that was kept
 *     case Answer.Unavailable(Reason reason) -> ... // ask again, here or elsewhere
 * }
 * }</pre>
 */
public sealed interface Answer {
    /**
     * The response so far, or final.
     *
     * @param json its JSON, not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // written out once, never compared
    record Found(byte[] json) implements Answer {
        @Override
        public String toString() {
            return "Found[bytes=" + json.length + "]";
        }
    }

    /** Nothing is known of the stream. */
    record Unknown() implements Answer {}

    /** It cannot be told now. */
    record Unavailable(Reason reason) implements Answer {}

    /** Why it cannot be told now. */
    enum Reason {
        /** The state is being restored or moved, or another instance has it. */
        NOT_READY("not_ready", "the state of this stream is being restored or moved"),
        /** The wait is over and the stream has not come as far as was asked for. */
        BEHIND("behind", "the response does not hold the asked sequence yet"),
        /** Too many queries at once. */
        BUSY("busy", "too many queries at once");

        private final String code;
        private final String detail;

        Reason(String code, String detail) {
            this.code = code;
            this.detail = detail;
        }

        /** Stable code. */
        public String code() {
            return code;
        }

        /** The reason for a person. */
        public String detail() {
            return detail;
        }
    }
}
