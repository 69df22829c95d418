package io.tidemark.edge.internal.http;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An error as a client gets it: RFC 9457 {@code application/problem+json}, with a stable {@code
 * code} and, where one part of the request is to blame, the {@code field} that names it. Never
 * holds contents of a request's body or details of a fault. Immutable.
 *
 * @param code stable name; {@code type} is made from it
 * @param title the same for a person
 * @param detail what was found and what is allowed
 * @param field field, header or parameter to blame
 * @param allowed values that would do; empty where they cannot be listed
 * @param extras further members
 * @param headers headers of the response, such as {@code Retry-After}
 */
record Problem(
        String code,
        String title,
        int status,
        String detail,
        @Nullable String field,
        List<String> allowed,
        Map<String, Object> extras,
        Map<String, String> headers) {
    static final String CONTENT_TYPE = "application/problem+json";

    Problem {
        allowed = List.copyOf(allowed);
        extras = Map.copyOf(extras);
        headers = Map.copyOf(headers);
    }

    private static Problem of(int status, String code, String title, String detail) {
        return new Problem(code, title, status, detail, null, List.of(), Map.of(), Map.of());
    }

    /** A part of the request has a value that cannot be used. */
    static Problem invalid(String field, String detail) {
        return of(400, "invalid_request", "The request is not valid", detail).at(field);
    }

    /** What came is not a request; which part is to blame is not known. */
    static Problem malformed(int headerBytesMax) {
        return of(
                        400,
                        "malformed_request",
                        "The request is not valid HTTP",
                        "the request line or a header is malformed, missing or given twice, or they"
                                + " have more than "
                                + headerBytesMax
                                + " bytes together")
                .with("Connection", "close");
    }

    /** What the server itself refused, without a word. */
    static Problem refused(int status) {
        return switch (status) {
            case 500 -> internal();
            case 503 -> draining();
            default -> of(status, "refused", "The request is refused", "no reason is known");
        };
    }

    static Problem foreignOrigin() {
        return of(
                        403,
                        "foreign_origin",
                        "Pages of this origin may not read here",
                        "Origin must be where the request goes")
                .at("Origin");
    }

    static Problem unknownPath() {
        return of(404, "not_found", "Nothing is here", "no resource has this path");
    }

    static Problem unknownStream() {
        return of(404, "unknown_stream", "There is no such stream", "no stream has this id")
                .at("id");
    }

    /** Without a word about what was wrong: it would help those who guess. */
    static Problem unauthorized() {
        return of(
                        401,
                        "unauthorized",
                        "The request is not authorised",
                        "it must bring one credential, and one that is good for what it asks for")
                .with("WWW-Authenticate", "Bearer realm=\"tidemark\"");
    }

    static Problem methodNotAllowed(List<String> methods) {
        var allow = String.join(", ", methods);
        return of(
                        405,
                        "method_not_allowed",
                        "The resource does not have this method",
                        "allowed: " + allow)
                .with("Allow", allow);
    }

    static Problem notAcceptable(List<String> offered) {
        return of(
                        406,
                        "not_acceptable",
                        "No acceptable representation",
                        "Accept allows none of the types that are offered here")
                .at("Accept")
                .allowing(offered);
    }

    static Problem bodyTimeout(Duration max) {
        return of(
                        408,
                        "request_timeout",
                        "The request body took too long",
                        "the body must arrive within " + max.toMillis() + " ms")
                .with("Connection", "close");
    }

    static Problem beyondEnd(long lastSequence) {
        var detail =
                lastSequence < 0
                        ? "the stream has no event yet"
                        : "the last event of the stream is " + lastSequence;
        var problem = of(409, "beyond_end", "The stream does not go that far", detail);
        return lastSequence < 0 ? problem : problem.extra("lastSequence", lastSequence);
    }

    static Problem gone(@Nullable Long earliestSequence, String response) {
        var problem =
                of(
                                410,
                                "events_expired",
                                "The events are no longer kept",
                                earliestSequence == null
                                        ? "no event of the stream is kept any more"
                                        : "the earliest event still kept is " + earliestSequence)
                        .extra("response", response)
                        .with("Link", "<" + response + ">; rel=\"alternate\"");
        return earliestSequence == null
                ? problem
                : problem.extra("earliestSequence", earliestSequence);
    }

    static Problem missing(long earliestSequence, String response) {
        return of(
                        410,
                        "events_missing",
                        "Events are missing",
                        "the events before " + earliestSequence + " were lost")
                .extra("earliestSequence", earliestSequence)
                .extra("response", response)
                .with("Link", "<" + response + ">; rel=\"alternate\"");
    }

    /** There is nothing to be had elsewhere either. */
    static Problem erased() {
        return of(
                410, "erased", "The stream was erased", "its content can be read nowhere any more");
    }

    static Problem bodyTooLarge(long maxBytes) {
        return of(
                        413,
                        "body_too_large",
                        "The request body is too large",
                        "a body may have up to " + maxBytes + " bytes")
                .extra("maxBytes", maxBytes);
    }

    static Problem unsupportedMediaType() {
        return of(
                        415,
                        "unsupported_media_type",
                        "The body is not of a type that is understood here",
                        "Content-Type must be application/json, in UTF-8")
                .at("Content-Type")
                .allowing(List.of("application/json"));
    }

    static Problem internal() {
        return of(500, "internal_error", "Something went wrong here", "the fault was logged");
    }

    static Problem unknownTransferEncoding() {
        return of(
                        501,
                        "not_implemented",
                        "The body is encoded in a way that is not understood here",
                        "Transfer-Encoding may be chunked")
                .at("Transfer-Encoding")
                .allowing(List.of("chunked"))
                .with("Connection", "close");
    }

    /** Something that is needed is not there, or is too busy. */
    static Problem unavailable(String code, String detail) {
        return of(503, code, "Try again later", detail).with("Retry-After", "1");
    }

    /** Not 404: another edge has it, and so has this one when it is started again. */
    static Problem partitionAdded() {
        return unavailable(
                "partition_added",
                "the stream's partition was added since this edge started; an edge started since serves it");
    }

    /** RFC 9110, 15.5.20. */
    static Problem misdirected(int partition) {
        return of(
                        421,
                        "misdirected",
                        "The stream is not served here",
                        "this edge does not serve the stream's partition, and knows no edge that does")
                .extra("partition", partition);
    }

    static Problem tooManyReaders() {
        return unavailable("too_many_readers", "this edge serves as many readers as it may");
    }

    /** Projectors cannot say now; the reason and the partitions are theirs. */
    static Problem projectorUnavailable(String detail, ProjectorClient.Absent why) {
        var problem = unavailable("projector_unavailable", detail).extra("reason", why.reason());
        return why.partitions().isEmpty() ? problem : problem.extra("partitions", why.partitions());
    }

    static Problem projectorBusy() {
        return unavailable("busy", "too many requests wait for the projector");
    }

    /** A command is not in the log, and will not be. */
    static Problem notSent() {
        return unavailable("busy", "too much waits for the log; nothing was asked of it");
    }

    /**
     * A stream that may have been started or not. To ask for it again would be to ask for two.
     *
     * @param whereabouts headers that name the stream
     */
    static Problem uncertain(Map<String, String> whereabouts) {
        return new Problem(
                "log_unavailable",
                "The log did not acknowledge in time",
                503,
                "the stream may have been started; see Location before it is asked for again",
                null,
                List.of(),
                Map.of(),
                whereabouts);
    }

    static Problem tooManyStarts(Duration wait) {
        return tooMuch("too_many_starts", "edge.tenant-starts-per-second", wait);
    }

    static Problem tooManyRequests(Duration wait) {
        return tooMuch("too_many_requests", "edge.tenant-requests-per-second", wait);
    }

    static Problem tooManyReadersOfTenant() {
        return tooMuch("too_many_tenant_readers", "edge.tenant-readers-max", Duration.ofSeconds(1));
    }

    /* A tenant is at a limit of its own, the setting of which is named. */
    private static Problem tooMuch(String code, String limit, Duration wait) {
        return of(
                        429,
                        code,
                        "The tenant is at its limit",
                        "this edge allows this tenant no more now: " + limit)
                .extra("limit", limit)
                .with("Retry-After", Long.toString(Math.ceilDiv(wait.toNanos(), 1_000_000_000L)));
    }

    static Problem keyOfAnother() {
        return of(
                        422,
                        "idempotency_key_reused",
                        "The key stands for another request",
                        "a stream was asked for under this key with another body")
                .at(IdempotencyKey.HEADER);
    }

    static Problem keyInProgress() {
        return of(
                        409,
                        "idempotency_in_progress",
                        "A request with this key is under way",
                        "whether the stream of this key was started is not known yet")
                .at(IdempotencyKey.HEADER)
                .with("Retry-After", "1");
    }

    /** What was asked for has a key: to ask again cannot make it two. */
    static Problem keyUndecided() {
        return unavailable(
                "log_unavailable",
                "the log did not tell in time; ask again with the same Idempotency-Key");
    }

    static Problem draining() {
        return unavailable("draining", "this edge is about to stop").with("Connection", "close");
    }

    Problem at(String blamed) {
        return new Problem(code, title, status, detail, blamed, allowed, extras, headers);
    }

    Problem allowing(List<String> values) {
        return new Problem(code, title, status, detail, field, values, extras, headers);
    }

    Problem extra(String name, Object value) {
        return new Problem(
                code, title, status, detail, field, allowed, plus(extras, name, value), headers);
    }

    Problem with(String header, String value) {
        return new Problem(
                code, title, status, detail, field, allowed, extras, plus(headers, header, value));
    }

    private static <V> Map<String, V> plus(Map<String, V> map, String key, V value) {
        var more = new LinkedHashMap<>(map);
        more.put(key, value);
        return more;
    }

    /** The body. */
    String json() {
        var body = new LinkedHashMap<String, Object>();
        body.put("type", "urn:tidemark:problem:" + code);
        body.put("title", title);
        body.put("status", status);
        body.put("detail", detail);
        body.put("code", code);
        if (field != null) {
            body.put("field", field);
        }
        if (!allowed.isEmpty()) {
            body.put("allowed", allowed);
        }
        body.putAll(extras);
        return Json.write(body);
    }
}
