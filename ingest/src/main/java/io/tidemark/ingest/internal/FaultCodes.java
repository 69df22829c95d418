package io.tidemark.ingest.internal;

import static java.util.Map.entry;

import io.tidemark.schemas.ErrorCode;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Providers' words for errors, and HTTP statuses, in our vocabulary. Immutable. */
final class FaultCodes {
    private static final Map<String, ErrorCode> BY_WORD =
            Map.ofEntries(
                    entry("authentication_error", ErrorCode.AUTHENTICATION_FAILED),
                    entry("invalid_api_key", ErrorCode.AUTHENTICATION_FAILED),
                    entry("invalid_authentication", ErrorCode.AUTHENTICATION_FAILED),
                    entry("api_key_invalid", ErrorCode.AUTHENTICATION_FAILED),
                    entry("api_key_expired", ErrorCode.AUTHENTICATION_FAILED),
                    entry("unauthenticated", ErrorCode.AUTHENTICATION_FAILED),
                    entry("invalidapikey", ErrorCode.AUTHENTICATION_FAILED),
                    entry("invalid_authentication_error", ErrorCode.AUTHENTICATION_FAILED),
                    entry("wrong_api_key", ErrorCode.AUTHENTICATION_FAILED),
                    entry("permission_error", ErrorCode.PERMISSION_DENIED),
                    entry("permission_denied", ErrorCode.PERMISSION_DENIED),
                    entry("data_residency_mismatch", ErrorCode.PERMISSION_DENIED),
                    entry("insufficient_quota", ErrorCode.QUOTA_EXHAUSTED),
                    entry("credit_balance_exhausted", ErrorCode.QUOTA_EXHAUSTED),
                    entry("billing_error", ErrorCode.QUOTA_EXHAUSTED),
                    entry("arrearage", ErrorCode.QUOTA_EXHAUSTED),
                    entry("exceeded_current_quota_error", ErrorCode.QUOTA_EXHAUSTED),
                    entry("rate_limit_exceeded", ErrorCode.RATE_LIMITED),
                    entry("rate_limit_error", ErrorCode.RATE_LIMITED),
                    entry("too_many_requests", ErrorCode.RATE_LIMITED),
                    entry("throttlingexception", ErrorCode.RATE_LIMITED),
                    entry("resource_exhausted", ErrorCode.RATE_LIMITED),
                    entry("rate_limit_reached_error", ErrorCode.RATE_LIMITED),
                    entry("request_limit_exceeded", ErrorCode.RATE_LIMITED),
                    entry("throttling", ErrorCode.RATE_LIMITED),
                    entry("throttling.ratequota", ErrorCode.RATE_LIMITED),
                    entry("throttling.allocationquota", ErrorCode.RATE_LIMITED),
                    entry("overloaded_error", ErrorCode.PROVIDER_OVERLOADED),
                    entry("server_is_overloaded", ErrorCode.PROVIDER_OVERLOADED),
                    entry("service_unavailable_error", ErrorCode.PROVIDER_OVERLOADED),
                    entry("serviceunavailableexception", ErrorCode.PROVIDER_OVERLOADED),
                    entry("engine_overloaded_error", ErrorCode.PROVIDER_OVERLOADED),
                    entry("insufficient_system_resource", ErrorCode.PROVIDER_OVERLOADED),
                    entry("overloaded", ErrorCode.PROVIDER_OVERLOADED),
                    entry("service_tier_capacity_exceeded", ErrorCode.PROVIDER_OVERLOADED),
                    entry("slow_down", ErrorCode.PROVIDER_OVERLOADED),
                    entry("unavailable", ErrorCode.PROVIDER_OVERLOADED),
                    entry("internal", ErrorCode.PROVIDER_ERROR),
                    entry("internalserverexception", ErrorCode.PROVIDER_ERROR),
                    entry("modelstreamerrorexception", ErrorCode.PROVIDER_ERROR),
                    entry("timeout_error", ErrorCode.PROVIDER_TIMEOUT),
                    entry("modeltimeoutexception", ErrorCode.PROVIDER_TIMEOUT),
                    entry("vector_store_timeout", ErrorCode.PROVIDER_TIMEOUT),
                    entry("deadline_exceeded", ErrorCode.PROVIDER_TIMEOUT),
                    entry("invalid_prompt", ErrorCode.INVALID_REQUEST),
                    entry("validation", ErrorCode.INVALID_REQUEST),
                    entry("out_of_range", ErrorCode.INVALID_REQUEST),
                    entry("unimplemented", ErrorCode.INVALID_REQUEST),
                    entry("validationexception", ErrorCode.INVALID_REQUEST),
                    entry("request_too_large", ErrorCode.INVALID_REQUEST),
                    entry("context_length_exceeded", ErrorCode.CONTEXT_LENGTH_EXCEEDED),
                    entry("contextwindowexceedederror", ErrorCode.CONTEXT_LENGTH_EXCEEDED),
                    entry("exceed_context_size_error", ErrorCode.CONTEXT_LENGTH_EXCEEDED),
                    entry("not_found", ErrorCode.NOT_FOUND),
                    entry("not_found_error", ErrorCode.NOT_FOUND),
                    entry("model_not_found", ErrorCode.NOT_FOUND),
                    entry("previous_response_not_found", ErrorCode.NOT_FOUND),
                    entry("bio_policy", ErrorCode.CONTENT_BLOCKED),
                    entry("misalignment_policy_violation", ErrorCode.CONTENT_BLOCKED),
                    entry("image_content_policy_violation", ErrorCode.CONTENT_BLOCKED),
                    entry("content_filter", ErrorCode.CONTENT_BLOCKED),
                    entry("data_inspection_failed", ErrorCode.CONTENT_BLOCKED),
                    entry("datainspectionfailed", ErrorCode.CONTENT_BLOCKED),
                    entry("content_policy_violation", ErrorCode.CONTENT_BLOCKED),
                    entry("session_expired", ErrorCode.SESSION_EXPIRED));

    /* These say less than an HTTP status beside them: they stand with wrong keys and overload too. */
    private static final Map<String, ErrorCode> BY_VAGUE_WORD =
            Map.of(
                    "invalid_request_error", ErrorCode.INVALID_REQUEST,
                    "invalid_argument", ErrorCode.INVALID_REQUEST,
                    "failed_precondition", ErrorCode.INVALID_REQUEST,
                    "server_error", ErrorCode.PROVIDER_ERROR,
                    "internal_server_error", ErrorCode.PROVIDER_ERROR,
                    "api_error", ErrorCode.PROVIDER_ERROR);

    private FaultCodes() {}

    /**
     * The code is looked at before the type, and both before the status, because exhausted quota
     * arrives as 429 and filtered content as 400. A code that is a number stands for the status
     * where there is none, or none of an error.
     */
    static ErrorCode codeOf(ProviderError error, @Nullable Integer httpStatus) {
        return named(error.code())
                .or(() -> named(error.type()))
                .or(() -> Optional.ofNullable(httpStatus).flatMap(FaultCodes::ofStatus))
                .or(() -> Optional.ofNullable(error.code()).flatMap(FaultCodes::ofNumber))
                .or(() -> vague(error.code()))
                .or(() -> vague(error.type()))
                .orElse(ErrorCode.PROVIDER_ERROR);
    }

    private static Optional<ErrorCode> named(@Nullable String word) {
        if (word == null) {
            return Optional.empty();
        }
        var lower = word.toLowerCase(Locale.ROOT);
        var code = BY_WORD.get(lower);
        /* A score of codes, all saying that an image of the request cannot be used. */
        boolean image = code == null && lower.contains("image");
        return image ? Optional.of(ErrorCode.INVALID_REQUEST) : Optional.ofNullable(code);
    }

    private static Optional<ErrorCode> vague(@Nullable String word) {
        return Optional.ofNullable(word)
                .map(vague -> BY_VAGUE_WORD.get(vague.toLowerCase(Locale.ROOT)));
    }

    private static Optional<ErrorCode> ofNumber(String code) {
        boolean status = code.length() == 3 && code.chars().allMatch(c -> c >= '0' && c <= '9');
        return status ? ofStatus(Integer.parseInt(code)) : Optional.empty();
    }

    private static Optional<ErrorCode> ofStatus(int httpStatus) {
        boolean error = httpStatus >= 400 && httpStatus < 600;
        return error ? Optional.of(codeOf(httpStatus)) : Optional.empty();
    }

    private static ErrorCode codeOf(int httpStatus) {
        return switch (httpStatus) {
            case 401 -> ErrorCode.AUTHENTICATION_FAILED;
            case 402 -> ErrorCode.QUOTA_EXHAUSTED;
            case 403 -> ErrorCode.PERMISSION_DENIED;
            case 404 -> ErrorCode.NOT_FOUND;
            case 408, 504 -> ErrorCode.PROVIDER_TIMEOUT;
            case 429 -> ErrorCode.RATE_LIMITED;
            case 503, 529 -> ErrorCode.PROVIDER_OVERLOADED;
            default -> httpStatus < 500 ? ErrorCode.INVALID_REQUEST : ErrorCode.PROVIDER_ERROR;
        };
    }
}
