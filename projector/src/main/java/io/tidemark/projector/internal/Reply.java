package io.tidemark.projector.internal;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;

/**
 * An HTTP answer, complete.
 *
 * @param headers headers beside type and length
 */
@SuppressWarnings("ArrayRecordComponent") // written out once, never compared
record Reply(int status, String mediaType, Map<String, String> headers, byte[] body) {
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final String RETRY_AFTER_SECONDS = "1";

    Reply {
        headers = Map.copyOf(headers);
    }

    static Reply json(byte[] body) {
        return new Reply(OK, "application/json", Map.of(), body);
    }

    static Reply text(String body) {
        return new Reply(
                OK, "text/plain; charset=utf-8", Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    /** All meters in Prometheus's text format. */
    static Reply metrics(String scrape) {
        return new Reply(
                OK,
                "text/plain; version=0.0.4; charset=utf-8",
                Map.of(),
                scrape.getBytes(StandardCharsets.UTF_8));
    }

    static Reply of(Problem problem) {
        return new Reply(problem.status(), Problem.MEDIA_TYPE, Map.of(), problem.json());
    }

    static Reply unavailable(String code, String detail) {
        return unavailable(problem(code, detail));
    }

    /** One that speaks of some partitions. */
    static Reply unavailable(Answer.Reason reason, Collection<Integer> partitions) {
        return unavailable(problem(reason.code(), reason.detail()).about(partitions));
    }

    private static Problem problem(String code, String detail) {
        return Problem.of(UNAVAILABLE, code, "Not available now", detail);
    }

    private static Reply unavailable(Problem problem) {
        return new Reply(
                UNAVAILABLE,
                Problem.MEDIA_TYPE,
                Map.of("Retry-After", RETRY_AFTER_SECONDS),
                problem.json());
    }

    static Reply methodNotAllowed(String allowed) {
        var problem =
                Problem.of(
                                405,
                                "method_not_allowed",
                                "Method not allowed",
                                "this resource can only be read")
                        .in("method", allowed);
        return new Reply(405, Problem.MEDIA_TYPE, Map.of("Allow", allowed), problem.json());
    }

    @Override
    public String toString() {
        return "Reply[status=" + status + ", bytes=" + body.length + "]";
    }
}
