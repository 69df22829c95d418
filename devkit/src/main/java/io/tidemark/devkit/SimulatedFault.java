package io.tidemark.devkit;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A way in which the {@link ProviderSimulator} fails on request. Immutable. The cases:
 *
 * <pre>{@code
 * switch (fault) {
 *     case SimulatedFault.Status(var statusCode, var retryAfter) -> ...
 *     case SimulatedFault.Reset(var afterBytes) -> ...
 *     case SimulatedFault.Stall(var afterBytes) -> ...
 *     case SimulatedFault.EndOfBody(var afterBytes) -> ...
 *     case SimulatedFault.MalformedFrame(var afterBytes) -> ...
 * }
 * }</pre>
 *
 * Bytes are those of the body as the client sees it, without HTTP's chunk framing. {@link
 * #BEFORE_HEAD} instead of a number means before the status line.
 */
public sealed interface SimulatedFault {

    /** As {@code afterBytes}: nothing is sent at all, not even the status line. */
    int BEFORE_HEAD = -1;

    /**
     * The request is answered with an error status and OpenAI's error JSON.
     *
     * @param statusCode 400 to 599
     * @param retryAfter the value of the {@code retry-after} header, if one is sent
     */
    record Status(int statusCode, Optional<String> retryAfter) implements SimulatedFault {
        /** Checks the range. */
        public Status {
            requireNonNull(retryAfter, "retryAfter");
            if (statusCode < 400 || statusCode > 599) {
                throw new IllegalArgumentException(
                        "statusCode must be between 400 and 599, found " + statusCode);
            }
        }
    }

    /**
     * The connection is reset (RST).
     *
     * @param afterBytes how much of the body is sent before
     */
    record Reset(int afterBytes) implements SimulatedFault {
        /** Checks the range. */
        public Reset {
            requireAfterBytes(afterBytes);
        }
    }

    /**
     * Nothing more is sent, and the connection stays open until the client closes it.
     *
     * @param afterBytes how much of the body is sent before
     */
    record Stall(int afterBytes) implements SimulatedFault {
        /** Checks the range. */
        public Stall {
            requireAfterBytes(afterBytes);
        }
    }

    /**
     * The body ends as HTTP wants it to, but early: no terminal event.
     *
     * @param afterBytes how much of the body is sent before
     */
    record EndOfBody(int afterBytes) implements SimulatedFault {
        /** Checks the range. */
        public EndOfBody {
            requireAfterBytes(afterBytes);
        }
    }

    /**
     * A frame that is no JSON stands between two good ones; the rest follows as if nothing were.
     *
     * @param afterBytes it comes at the first frame boundary at or after this many bytes
     */
    record MalformedFrame(int afterBytes) implements SimulatedFault {
        /** Checks the range. */
        public MalformedFrame {
            requireAfterBytes(afterBytes);
        }
    }

    private static void requireAfterBytes(int afterBytes) {
        if (afterBytes < BEFORE_HEAD) {
            throw new IllegalArgumentException(
                    "afterBytes must be -1 or more, found " + afterBytes);
        }
    }
}
