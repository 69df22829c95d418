package io.tidemark.projector.internal;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * How a query for one response ended.
 *
 * <pre>{@code
 * switch (answer) {
 *     case Answer.Found(byte[] json) -> ...        // partial or final
 *     case Answer.Unknown() -> ...                 // no such stream, or none that was kept
 *     case Answer.Erased(String tenant) -> ...     // its content was erased
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

    /**
     * The stream was erased.
     *
     * @param tenant whose it was; null for nobody's
     */
    record Erased(@Nullable String tenant) implements Answer {}

    /** It cannot be told now. */
    record Unavailable(Reason reason) implements Answer {}

    /** Why it cannot be told now ({@code docs/protocol.md}, section 8.8). */
    enum Reason {
        /** The instance that has the partition is still restoring it, or is only starting. */
        RESTORING("restoring", "the state of this partition is being restored"),
        /** The partition is on its way from one instance to another. */
        MOVING("moving", "the partition is on its way to another instance"),
        /** The instance that has the partition does not answer. */
        OWNER_UNREACHABLE(
                "owner_unreachable", "the instance that has the partition does not answer"),
        /** What is here may be old, and the log cannot be asked. */
        LOG_UNREACHABLE("log_unreachable", "it cannot be told whether what is here is all"),
        /** The state has not come as far as was asked for, or as far as the log. */
        BEHIND("behind", "the state has not come as far as it must"),
        /** Too many queries at once. */
        BUSY("busy", "too many queries at once"),
        /** This instance is about to stop, or another one says what is not known here. */
        STOPPING("stopping", "this instance is stopping");

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

        /** The reason with this code; that an instance stops if there is none. */
        static Reason of(String code) {
            return Arrays.stream(values())
                    .filter(reason -> reason.code.equals(code))
                    .findFirst()
                    .orElse(STOPPING);
        }
    }
}
