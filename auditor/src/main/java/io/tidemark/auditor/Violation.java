package io.tidemark.auditor;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

/**
 * One place where the contract is broken. Holds no content: numbers, names of ours, sizes and
 * hashes only.
 *
 * @param topic name of the topic
 * @param offset the record it was found at; where something is missing, the last record of the
 *     stream
 * @param requestId the stream; absent for a record that names none
 * @param sequence the event; absent where it is not about one
 * @param expected what the contract asks for
 * @param found what is there
 */
public record Violation(
        ViolationCode code,
        String topic,
        int partition,
        long offset,
        @Nullable StreamId requestId,
        @Nullable Long sequence,
        String expected,
        String found) {
    public Violation {
        requireNonNull(code, "code");
        requireNonNull(topic, "topic");
        requireNonNull(expected, "expected");
        requireNonNull(found, "found");
    }
}
