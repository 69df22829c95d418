package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a {@link SignalParser} finds in the bytes. Normalisers take every case; a pump needs to look
 * only if it wants {@link Retry}.
 *
 * <pre>{@code
 * switch (signal) {
 *     case SseSignal.Frame(var frame) -> ...       // an event
 *     case SseSignal.Comment() -> ...              // liveness, no more
 *     case SseSignal.Retry(var delay) -> ...       // the server's wish for reconnecting
 *     case SseSignal.Stray(var line) -> ...        // a line that is none of the format's fields
 *     case SseSignal.Unfinished(var frame) -> ...  // the bytes ended inside this event
 *     case SseSignal.Overflow(var limitBytes) -> ...  // an event too large to hold
 * }
 * }</pre>
 */
public sealed interface SseSignal {
    /** An event, whole. */
    record Frame(SseFrame frame) implements SseSignal {
        public Frame {
            requireNonNull(frame, "frame");
        }
    }

    /** A comment; its text means nothing to anyone. */
    record Comment() implements SseSignal {}

    /** The server's wish for how long to wait before reconnecting. */
    record Retry(Duration delay) implements SseSignal {
        public Retry {
            requireNonNull(delay, "delay");
        }
    }

    /**
     * A line whose field name the format does not know. Browsers ignore it; some providers put an
     * error there ({@code error: {...}}, or a bare JSON body).
     */
    record Stray(String line) implements SseSignal {
        public Stray {
            requireNonNull(line, "line");
        }

        @Override
        public String toString() {
            return "Stray[chars=" + line.length() + "]";
        }
    }

    /**
     * The event that the bytes ended in, without the blank line that ends an event. Browsers drop
     * it; whoever can tell that its data is whole may use it.
     */
    record Unfinished(SseFrame frame) implements SseSignal {
        public Unfinished {
            requireNonNull(frame, "frame");
        }
    }

    /** An event that outgrew the parser's limit. The parser ignores everything after it. */
    record Overflow(int limitBytes) implements SseSignal {}
}
