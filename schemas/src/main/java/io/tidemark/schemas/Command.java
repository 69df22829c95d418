package io.tidemark.schemas;

import static io.tidemark.schemas.FieldException.requireBetween;
import static io.tidemark.schemas.FieldException.requireNotNegative;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * What is asked of the worker that owns a partition, and what workers tell each other: the values
 * of {@code tidemark.commands}. None can be made with numbers that no writer of the contract has;
 * so whoever reads one may reckon with them.
 *
 * <pre>{@code
 * switch (CommandCodec.decode(record.value())) {
 *     case Command.Start start -> ...
 *     case Command.Cancel cancel -> ...
 *     case Command.Presence presence -> ...
 *     case Command.Done done -> ...
 *     case Command.Claim claim -> ...
 *     case Command.Lease lease -> ...
 *     case Command.Unknown unknown -> ...  // from a newer writer: passed by
 * }
 * }</pre>
 */
public sealed interface Command {
    /** When it was written, in epoch milliseconds by the writer's clock. */
    long at();

    /** A command about one stream; its record has the stream's key and partition. */
    sealed interface ForStream extends Command {
        /** The stream it is about. */
        StreamId requestId();
    }

    /**
     * {@code stream.start}: call a provider and write its stream.
     *
     * @param api dialect that the request is written in, such as {@code openai.responses}, or
     *     {@link #NEUTRAL} for the form that is translated to whatever the provider speaks
     * @param provider name of a configured provider
     * @param model the model asked for, as it stands in the request
     * @param request the request body; holds prompts
     * @param onDisconnect what to do when no reader is left
     * @param tenant who is charged; absent where there is one tenant
     * @param metadata the caller's own labels; empty when none were given
     * @param traceparent W3C trace context; absent where there is none
     * @param route name of the configured route that chose the provider, whose other providers may
     *     stand in for it; absent when the caller chose
     * @param sealed the whole command as ciphertext, in base64, where the stream is encrypted
     *     (section 17 of the protocol); {@code request} and {@code metadata} are empty then
     */
    record Start(
            StreamId requestId,
            long at,
            String api,
            String provider,
            String model,
            ObjectNode request,
            OnDisconnect onDisconnect,
            @Nullable String tenant,
            Map<String, String> metadata,
            @Nullable String traceparent,
            @Nullable String route,
            @Nullable String sealed)
            implements ForStream {
        /** The form of a request that no provider speaks and all are asked in. */
        public static final String NEUTRAL = "neutral";

        public Start {
            requireNonNull(requestId, "requestId");
            requireNonNull(api, "api");
            requireNonNull(provider, "provider");
            requireNonNull(model, "model");
            request = requireNonNull(request, "request").deepCopy();
            onDisconnect = onDisconnect == null ? OnDisconnect.CONTINUE : onDisconnect;
            metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
        }

        /** A start that is not sealed. */
        public Start(
                StreamId requestId,
                long at,
                String api,
                String provider,
                String model,
                ObjectNode request,
                OnDisconnect onDisconnect,
                @Nullable String tenant,
                Map<String, String> metadata,
                @Nullable String traceparent,
                @Nullable String route) {
            this(
                    requestId,
                    at,
                    api,
                    provider,
                    model,
                    request,
                    onDisconnect,
                    tenant,
                    metadata,
                    traceparent,
                    route,
                    null);
        }

        /** A request whose provider the caller chose. */
        public Start(
                StreamId requestId,
                long at,
                String api,
                String provider,
                String model,
                ObjectNode request,
                OnDisconnect onDisconnect,
                @Nullable String tenant,
                Map<String, String> metadata,
                @Nullable String traceparent) {
            this(
                    requestId,
                    at,
                    api,
                    provider,
                    model,
                    request,
                    onDisconnect,
                    tenant,
                    metadata,
                    traceparent,
                    null);
        }

        /** The same without what is asked: for whoever keeps it longer than the prompt. */
        public Start withoutRequest() {
            return with(api, request.objectNode(), metadata, null);
        }

        /** The same in another dialect. */
        public Start withApi(String newApi) {
            return with(newApi, request, metadata, sealed);
        }

        /** The same with what is asked and the caller's labels in this ciphertext alone. */
        public Start sealedAs(byte[] ciphertext) {
            return with(
                    api,
                    request.objectNode(),
                    Map.of(),
                    Base64.getEncoder().encodeToString(ciphertext));
        }

        private Start with(
                String newApi,
                ObjectNode newRequest,
                Map<String, String> newMetadata,
                @Nullable String newSealed) {
            return new Start(
                    requestId,
                    at,
                    newApi,
                    provider,
                    model,
                    newRequest,
                    onDisconnect,
                    tenant,
                    newMetadata,
                    traceparent,
                    route,
                    newSealed);
        }

        @Override
        public String toString() {
            return "Start[requestId="
                    + requestId
                    + ", api="
                    + api
                    + ", provider="
                    + provider
                    + ", model="
                    + model
                    + ", requestFields="
                    + request.size()
                    + (sealed == null ? "" : ", sealedChars=" + sealed.length())
                    + "]";
        }
    }

    /** What becomes of a stream whose readers are all gone. */
    enum OnDisconnect implements WireName {
        /** It goes on to its end, for whoever comes back. */
        CONTINUE,
        /** It is cancelled after a grace period. */
        CANCEL
    }

    /** {@code stream.cancel}: stop the provider; idempotent. */
    record Cancel(StreamId requestId, long at) implements ForStream {
        public Cancel {
            requireNonNull(requestId, "requestId");
        }
    }

    /**
     * {@code stream.presence}: how many readers an edge has for the stream.
     *
     * @param edge which edge speaks
     * @param readers its readers of the stream now
     * @param validMs for how long it holds, in milliseconds after it was appended, at most {@link
     *     #VALID_MAX}; absent if it holds for that moment only
     */
    record Presence(StreamId requestId, long at, String edge, int readers, @Nullable Long validMs)
            implements ForStream {
        /** Longest time that a word may hold. */
        public static final Duration VALID_MAX = Duration.ofMinutes(5);

        public Presence {
            requireNonNull(requestId, "requestId");
            requireNonNull(edge, "edge");
            requireNotNegative("readers", readers);
            requireValid(validMs, VALID_MAX);
        }
    }

    /**
     * {@code stream.done}: the terminal event is in the log; the start needs no owner any more.
     *
     * @param worker who wrote it
     * @param epoch of its attempt
     * @param attempt number of its attempt, 1 to {@link Attempt#NUMBER_MAX}
     * @param lastSequence sequence of the terminal
     */
    record Done(
            StreamId requestId, long at, String worker, long epoch, int attempt, long lastSequence)
            implements ForStream {
        public Done {
            requireNonNull(requestId, "requestId");
            requireNonNull(worker, "worker");
            requireNotNegative("epoch", epoch);
            requireBetween("attempt", attempt, 1, Attempt.NUMBER_MAX);
            requireNotNegative("lastSequence", lastSequence);
        }

        /** Of a stream that ended with that sequence. */
        public Done(
                StreamId requestId, long at, String worker, Attempt authority, long lastSequence) {
            this(requestId, at, worker, authority.epoch(), authority.number(), lastSequence);
        }

        /** Under whose authority it counts as done. */
        public Attempt authority() {
            return new Attempt(epoch, attempt);
        }
    }

    /**
     * {@code claim}: a worker was given the partition and is its owner from this record on, until
     * the next one. Its offset is the owner's epoch.
     *
     * @param partition where it is, 0 to {@link StreamId#PARTITION_MAX}
     * @param worker who it is
     */
    record Claim(int partition, long at, String worker) implements Command {
        public Claim {
            requireBetween("partition", partition, 0, StreamId.PARTITION_MAX);
            requireNonNull(worker, "worker");
        }
    }

    /**
     * {@code lease}: a worker is alive and writes these streams of the partition, whether it owns
     * it or has handed it over meanwhile.
     *
     * @param partition where it is, 0 to {@link StreamId#PARTITION_MAX}
     * @param validMs for how long it holds, in milliseconds after the broker appended it, at most
     *     {@link #VALID_MAX}; absent if it does not keep others from taking the streams over
     * @param open the streams in flight, at most the worker's concurrency limit
     */
    record Lease(
            int partition, long at, String worker, @Nullable Long validMs, List<OpenStream> open)
            implements Command {
        /** Longest time that a lease may hold: nobody takes its streams over in that time. */
        public static final Duration VALID_MAX = Duration.ofDays(1);

        public Lease {
            requireBetween("partition", partition, 0, StreamId.PARTITION_MAX);
            requireNonNull(worker, "worker");
            requireValid(validMs, VALID_MAX);
            open = List.copyOf(requireNonNull(open, "open"));
        }
    }

    /**
     * A stream in flight.
     *
     * @param epoch of its attempt
     * @param attempt number of its attempt, 1 to {@link Attempt#NUMBER_MAX}
     * @param nextSequence the sequence its next event will have
     * @param lastOffset offset of its latest event in {@code tidemark.events}, -1 before the first
     */
    record OpenStream(
            StreamId requestId, long epoch, int attempt, long nextSequence, long lastOffset) {
        public OpenStream {
            requireNonNull(requestId, "requestId");
            requireNotNegative("epoch", epoch);
            requireBetween("attempt", attempt, 1, Attempt.NUMBER_MAX);
            requireNotNegative("nextSequence", nextSequence);
            requireBetween("lastOffset", lastOffset, -1, Long.MAX_VALUE);
        }

        /** A stream that is written under that authority. */
        public OpenStream(
                StreamId requestId, Attempt authority, long nextSequence, long lastOffset) {
            this(requestId, authority.epoch(), authority.number(), nextSequence, lastOffset);
        }

        /** Under whose authority it is written. */
        public Attempt authority() {
            return new Attempt(epoch, attempt);
        }
    }

    /**
     * A command of a type this version does not know; readers pass it by, writers never write it.
     */
    record Unknown(String type, long at) implements Command {}

    private static void requireValid(@Nullable Long validMs, Duration max) {
        if (validMs != null) {
            requireBetween("validMs", validMs, 0, max.toMillis());
        }
    }
}
