package io.tidemark.devkit;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What the {@link ProviderSimulator} knows about one request, at the moment it was asked.
 * Immutable. Holds no prompt and no output, and the credentials only as {@code [redacted]}.
 *
 * @param id 1 for the first request of this simulator, and so on
 * @param path the path asked for, without the query
 * @param model the {@code model} asked for, empty when there was none
 * @param headers the request's headers, names in lower case
 * @param bodyBytes the size of the request body
 * @param startedAt when the request had been read
 * @param endedAt when the answer ended, absent while it is going on
 * @param ending how it ended
 * @param statusCode the answer's status, 0 when none was sent
 * @param fault the fault it was given, as {@code sim_fault} names it
 * @param sentBytes how much of the answer's body was written
 * @param sentFrames how many pieces of it, such as SSE frames
 * @param sentTokens how many of them carried a token
 */
public record SimulatedRequest(
        long id,
        String path,
        String model,
        Map<String, String> headers,
        int bodyBytes,
        Instant startedAt,
        Optional<Instant> endedAt,
        Ending ending,
        int statusCode,
        Optional<String> fault,
        long sentBytes,
        long sentFrames,
        long sentTokens) {

    /** How the answer to a request ended. */
    public enum Ending {
        /** It has not. */
        OPEN,
        /** Everything there was to send was sent, faults that do not end a body included. */
        COMPLETED,
        /** It was answered with an error status. */
        REFUSED,
        /** A fault ended it. */
        FAULT,
        /** The client closed the connection before the end. */
        CLIENT_CLOSED,
        /** The simulator was closed before the end. */
        SIMULATOR_CLOSED
    }

    /** Copies the headers. */
    public SimulatedRequest {
        headers = Map.copyOf(headers);
    }

    /** Whether the answer has ended, in whatever way. */
    public boolean ended() {
        return ending != Ending.OPEN;
    }
}
