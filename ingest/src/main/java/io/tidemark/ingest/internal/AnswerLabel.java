package io.tidemark.ingest.internal;

import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Status;

import org.jspecify.annotations.Nullable;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the headers of one answer say that the provider's support will ask for, put on the first
 * status and on the failure that come of it. Confined to the stream's thread.
 */
final class AnswerLabel {
    /** Longest value kept, in characters. */
    static final int VALUE_CHARS_MAX = 256;

    /* The first that is there. */
    private static final List<String> REQUEST_IDS =
            List.of(
                    "x-request-id",
                    "request-id",
                    "apim-request-id",
                    "x-amzn-requestid",
                    "x-goog-request-id",
                    "x-groq-request-id",
                    "mistral-correlation-id",
                    "x-generation-id",
                    "cf-ray");

    /* Beside the above; nothing that names an account, and nothing that sets a cookie. */
    private static final List<String> KEPT =
            List.of(
                    "openai-processing-ms",
                    "openai-version",
                    "retry-after",
                    "retry-after-ms",
                    "server-timing",
                    "x-envoy-upstream-service-time",
                    "x-ms-region",
                    "x-should-retry");

    private static final List<String> KEPT_PREFIXES =
            List.of("x-ratelimit-", "anthropic-ratelimit-", "ratelimit-", "ratelimit");

    private final @Nullable String requestId;
    private final Map<String, String> headers;
    private boolean told;

    private AnswerLabel(@Nullable String requestId, Map<String, String> headers) {
        this.requestId = requestId;
        this.headers = headers;
    }

    /** The label of an answer that has not come. */
    static AnswerLabel none() {
        return new AnswerLabel(null, Map.of());
    }

    static AnswerLabel of(HttpHeaders headers) {
        var kept = new TreeMap<String, String>();
        for (var header : headers.map().entrySet()) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (kept(name) && kept.size() < Status.HEADERS_MAX && !header.getValue().isEmpty()) {
                kept.put(name, cut(header.getValue().getFirst()));
            }
        }
        var id =
                REQUEST_IDS.stream()
                        .map(kept::get)
                        .filter(value -> value != null && !value.isBlank())
                        .findFirst()
                        .orElse(null);
        return new AnswerLabel(id, kept);
    }

    private static boolean kept(String name) {
        return REQUEST_IDS.contains(name)
                || KEPT.contains(name)
                || KEPT_PREFIXES.stream().anyMatch(name::startsWith);
    }

    private static String cut(String value) {
        var printable = value.replaceAll("[^ -~]", "?");
        return printable.length() <= VALUE_CHARS_MAX
                ? printable
                : printable.substring(0, VALUE_CHARS_MAX);
    }

    /** The draft, with the label if it is the first status or a failure. */
    Draft on(Draft draft) {
        return switch (draft.body()) {
            case Status status when !told -> {
                told = true;
                yield new Draft(draft.placement(), labelled(status));
            }
            case Failed failed ->
                    new Draft(draft.placement(), failed.withProviderRequestId(requestId));
            default -> draft;
        };
    }

    private Status labelled(Status status) {
        return new Status(
                status.status(),
                status.providerResponseId(),
                status.model(),
                status.serviceTier(),
                status.attempt(),
                status.detail(),
                status.provider(),
                requestId,
                headers.isEmpty() ? null : headers);
    }
}
