package io.tidemark.devkit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * A way in which the {@link ProviderSimulator} fails on request, through any API. Immutable. The
 * cases:
 *
 * <pre>{@code
 * switch (fault) {
 *     case SimulatedFault.Status(var statusCode, var retryAfter, var gzipped) -> ...
 *     case SimulatedFault.Redirect(var statusCode, var location) -> ...
 *     case SimulatedFault.Reset(var afterBytes) -> ...
 *     case SimulatedFault.Stall(var afterBytes) -> ...
 *     case SimulatedFault.EndOfBody(var afterBytes) -> ...
 *     case SimulatedFault.MalformedFrame(var afterBytes) -> ...
 *     case SimulatedFault.ContentType(var contentType) -> ...
 *     case SimulatedFault.Drip(var interval) -> ...
 *     case SimulatedFault.HugeFrame(var bytes) -> ...
 *     case SimulatedFault.Endless() -> ...
 *     case SimulatedFault.ManyItems(var count) -> ...
 * }
 * }</pre>
 *
 * Bytes are those of the body as the client sees it, without HTTP's chunk framing. {@link
 * #BEFORE_HEAD} instead of a number means before the status line. An {@link Excess} leaves a
 * recording as it is.
 */
public sealed interface SimulatedFault {

    /** As {@code afterBytes}: nothing is sent at all, not even the status line. */
    int BEFORE_HEAD = -1;

    /** Those that leave a body short: {@link Reset}, {@link Stall} and {@link EndOfBody}. */
    sealed interface Cut extends SimulatedFault {

        /** How much of the body is sent before. */
        int afterBytes();
    }

    /**
     * Those that say too much, whatever the model: {@link HugeFrame}, {@link Endless} and {@link
     * ManyItems}.
     */
    sealed interface Excess extends SimulatedFault {}

    /**
     * The request is answered with an error status and the API's error JSON.
     *
     * @param statusCode 400 to 599
     * @param retryAfter the value of the {@code retry-after} header, if one is sent; never with 401
     * @param gzipped whether the JSON is compressed, asked for or not
     */
    record Status(int statusCode, Optional<String> retryAfter, boolean gzipped)
            implements SimulatedFault {
        /** Checks the range. */
        public Status {
            requireNonNull(retryAfter, "retryAfter");
            requireWithin(statusCode, 400, 599);
        }

        /** One that is not compressed. */
        public Status(int statusCode, Optional<String> retryAfter) {
            this(statusCode, retryAfter, false);
        }
    }

    /**
     * The request is sent elsewhere.
     *
     * @param statusCode 300 to 399
     * @param location where to
     */
    record Redirect(int statusCode, String location) implements SimulatedFault {
        /** Checks the range. */
        public Redirect {
            requireNonNull(location, "location");
            requireWithin(statusCode, 300, 399);
        }
    }

    /**
     * The connection is reset (RST).
     *
     * @param afterBytes how much of the body is sent before
     */
    record Reset(int afterBytes) implements Cut {
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
    record Stall(int afterBytes) implements Cut {
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
    record EndOfBody(int afterBytes) implements Cut {
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

    /**
     * The body is what it would be, but the head says it is something else.
     *
     * @param contentType what the head says
     */
    record ContentType(String contentType) implements SimulatedFault {
        /** Checks for null. */
        public ContentType {
            requireNonNull(contentType, "contentType");
        }
    }

    /**
     * The body comes a byte at a time.
     *
     * @param interval from byte to byte
     */
    record Drip(Duration interval) implements SimulatedFault {
        /** Checks the range. */
        public Drip {
            if (interval.isNegative()) {
                throw new IllegalArgumentException(
                        "interval must not be negative, found " + interval);
            }
        }
    }

    /**
     * The answer is one token of that size, made while it is sent. Where an API says a text twice,
     * it does so here too.
     *
     * @param bytes 1 or more
     */
    record HugeFrame(long bytes) implements Excess {
        /** Checks the range. */
        public HugeFrame {
            requirePositive(bytes, "bytes");
        }
    }

    /** The answer has no end. */
    record Endless() implements Excess {}

    /**
     * The answer is as many calls of a function, each an item, a block or a part of its own; in a
     * transcript, segments.
     *
     * @param count 1 or more
     */
    record ManyItems(int count) implements Excess {
        /** Checks the range. */
        public ManyItems {
            requirePositive(count, "count");
        }
    }

    private static void requireAfterBytes(int afterBytes) {
        if (afterBytes < BEFORE_HEAD) {
            throw new IllegalArgumentException(
                    "afterBytes must be -1 or more, found " + afterBytes);
        }
    }

    private static void requireWithin(int statusCode, int min, int max) {
        if (statusCode < min || statusCode > max) {
            throw new IllegalArgumentException(
                    "statusCode must be between " + min + " and " + max + ", found " + statusCode);
        }
    }

    private static void requirePositive(long value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be 1 or more, found " + value);
        }
    }
}
