package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** The stream's own story: one start, status on the way, and exactly one of the two ends. */
public sealed interface LifecycleBody extends EventBody {
    /**
     * {@code stream.started}: the request was accepted; always sequence 0, written before the
     * provider has answered.
     *
     * @param provider name of the configured provider
     * @param model model as requested
     * @param api dialect spoken with the provider, such as {@code openai.responses}
     * @param tenant who is charged; absent where there is one tenant
     * @param metadata the caller's own labels, at most 16; absent when none were given
     * @param attempt number of the attempt that wrote this, from 1
     */
    record Started(
            String provider,
            String model,
            @Nullable String api,
            @Nullable Scope scope,
            @Nullable Integer attempt,
            @Nullable String retryOf,
            @Nullable String parentRequestId,
            @Nullable String tenant,
            @Nullable Map<String, String> metadata)
            implements LifecycleBody {
        public Started {
            requireNonNull(provider, "provider");
            requireNonNull(model, "model");
            metadata = metadata == null ? null : Map.copyOf(metadata);
        }

        /** The same, written under another attempt. */
        public Started withAttempt(int other) {
            return new Started(
                    provider, model, api, scope, other, retryOf, parentRequestId, tenant, metadata);
        }

        @Override
        public String toString() {
            return "Started[provider="
                    + provider
                    + ", model="
                    + model
                    + ", api="
                    + api
                    + ", attempt="
                    + attempt
                    + "]";
        }
    }

    /** Whether a stream is one response or a session of several. */
    enum Scope implements WireName {
        RESPONSE,
        SESSION
    }

    /**
     * {@code stream.status}: something about progress changed; carries no content.
     *
     * @param status one of {@link Status}'s constants, or a later one
     * @param model model that serves the request, which may differ from the one asked for
     * @param attempt number of the attempt at a provider that begins with it, from 1
     * @param provider name of the configured provider that is asked from here on, where it is
     *     another one than before
     * @param providerRequestId the provider's id of the HTTP request, for its support
     * @param providerHeaders headers of its answer that speak of the request, the limits and the
     *     time taken; at most {@value #HEADERS_MAX}
     */
    record Status(
            String status,
            @Nullable String providerResponseId,
            @Nullable String model,
            @Nullable String serviceTier,
            @Nullable Integer attempt,
            @Nullable String detail,
            @Nullable String provider,
            @Nullable String providerRequestId,
            @Nullable Map<String, String> providerHeaders)
            implements LifecycleBody {
        /** Most headers kept of one answer. */
        public static final int HEADERS_MAX = 32;

        public static final String ACCEPTED = "accepted";
        public static final String QUEUED = "queued";
        public static final String IN_PROGRESS = "in_progress";
        public static final String COMPACTING = "compacting";
        public static final String RECONNECTING = "reconnecting";
        public static final String RESUMED = "resumed";
        public static final String RETRYING = "retrying";

        public Status {
            requireNonNull(status, "status");
            providerHeaders = providerHeaders == null ? null : Map.copyOf(providerHeaders);
        }

        /** A status of which the HTTP request is not known. */
        public Status(
                String status,
                @Nullable String providerResponseId,
                @Nullable String model,
                @Nullable String serviceTier,
                @Nullable Integer attempt,
                @Nullable String detail) {
            this(status, providerResponseId, model, serviceTier, attempt, detail, null, null, null);
        }

        /** A status with nothing beside its name. */
        public static Status of(String status) {
            return new Status(status, null, null, null, null, null);
        }
    }

    /** {@code stream.warning}: something went wrong and the stream goes on. */
    record Warning(String code, String message, @Nullable String providerCode)
            implements LifecycleBody {
        public static final String CONTENT_MISMATCH = "content_mismatch";

        public Warning {
            requireNonNull(code, "code");
            requireNonNull(message, "message");
        }
    }

    /**
     * {@code stream.completed}: the end of a stream that did not fail.
     *
     * @param finishReason one of {@link FinishReason}'s names, or a later one
     * @param finishReasons one entry per choice, where there are several
     * @param usage what was consumed; absent when the provider did not say
     */
    record Completed(
            Outcome outcome,
            String finishReason,
            @Nullable String providerFinishReason,
            @Nullable List<JsonNode> finishReasons,
            @Nullable Usage usage,
            @Nullable String model,
            @Nullable String providerResponseId)
            implements LifecycleBody {
        public Completed {
            requireNonNull(outcome, "outcome");
            requireNonNull(finishReason, "finishReason");
            finishReasons = finishReasons == null ? null : List.copyOf(finishReasons);
        }

        @Override
        public String toString() {
            return "Completed[outcome=" + outcome + ", finishReason=" + finishReason + "]";
        }

        @Override
        public boolean terminal() {
            return true;
        }
    }

    /** How a stream that did not fail came to its end. */
    enum Outcome implements WireName {
        /** The model said all it wanted to say. */
        COMPLETE,
        /** A usable partial result: a limit or a filter cut in. */
        INCOMPLETE,
        /** Somebody asked for the end. */
        CANCELLED
    }

    /**
     * {@code stream.failed}: the end of a stream that failed.
     *
     * @param code one of {@link ErrorCode}'s names, or a later one
     * @param message for a person; never holds credentials, but words of the provider's may quote
     *     the request
     * @param retryable whether the same request may succeed later
     * @param retryAfterMs how long to wait before that, in milliseconds
     * @param partial whether content was sent before the failure
     * @param httpStatus the provider's HTTP status, where that is what failed
     * @param providerRequestId the provider's id of the HTTP request, for its support
     */
    record Failed(
            String code,
            String message,
            boolean retryable,
            @Nullable Long retryAfterMs,
            @Nullable Boolean partial,
            @Nullable Integer httpStatus,
            @Nullable String providerCode,
            @Nullable String providerErrorType,
            @Nullable Usage usage,
            @Nullable String providerRequestId)
            implements LifecycleBody {
        public Failed {
            requireNonNull(code, "code");
            requireNonNull(message, "message");
            if (retryAfterMs != null && retryAfterMs < 0) {
                throw new IllegalArgumentException(
                        "retryAfterMs must not be negative, was " + retryAfterMs);
            }
        }

        /** A failure of which the HTTP request is not known. */
        public Failed(
                String code,
                String message,
                boolean retryable,
                @Nullable Long retryAfterMs,
                @Nullable Boolean partial,
                @Nullable Integer httpStatus,
                @Nullable String providerCode,
                @Nullable String providerErrorType,
                @Nullable Usage usage) {
            this(
                    code,
                    message,
                    retryable,
                    retryAfterMs,
                    partial,
                    httpStatus,
                    providerCode,
                    providerErrorType,
                    usage,
                    null);
        }

        /** The same with the provider's id of the HTTP request, unless it has one. */
        public Failed withProviderRequestId(@Nullable String id) {
            return providerRequestId != null || id == null
                    ? this
                    : new Failed(
                            code,
                            message,
                            retryable,
                            retryAfterMs,
                            partial,
                            httpStatus,
                            providerCode,
                            providerErrorType,
                            usage,
                            id);
        }

        /** A failure of which nothing is known but its code. */
        public static Failed of(ErrorCode code, String message, boolean partial) {
            return new Failed(
                    code.wire(), message, code.retryable(), null, partial, null, null, null, null);
        }

        @Override
        public boolean terminal() {
            return true;
        }
    }
}
