package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.ingest.ResponseLimits;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** What is made of an answer that is no event stream. */
class RefusalBodyTest {
    private static final int ERROR_BYTES_MAX = 512;
    private static final String ANSWER =
            """
            {"id":"resp_1","object":"response","status":"completed","error":null,"model":"m-1",
             "output":[{"type":"message","id":"msg_1","content":[{"type":"output_text","text":"%s"}]}]}
            """;

    @Test
    void aWholeAnswerIsReadAsOne() {
        var bodies = read(200, "application/json", ANSWER.formatted("Hi").getBytes(UTF_8));

        assertThat(bodies).contains(new TextDelta("Hi", null));
        assertThat(bodies.getLast())
                .isInstanceOfSatisfying(
                        Completed.class,
                        end -> assertThat(end.outcome()).isEqualTo(Outcome.COMPLETE));
    }

    @Test
    void aWholeAnswerMayBeLongerThanAnError() {
        var text = "x".repeat(10 * ERROR_BYTES_MAX);

        assertThat(read(200, "application/json", ANSWER.formatted(text).getBytes(UTF_8)))
                .contains(new TextDelta(text, null));
    }

    @Test
    void aWholeAnswerMayBeCompressed() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(ANSWER.formatted("Hi").getBytes(UTF_8));
        }
        var headers = Map.of("content-type", "application/json", "content-encoding", "gzip");

        assertThat(read(200, headers, packed.toByteArray())).contains(new TextDelta("Hi", null));
    }

    @Test
    void aWholeAnswerEndsAsItsStatusSays() {
        var incomplete =
                """
                {"object":"response","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]}
                """;
        var failed =
                """
                {"object":"response","status":"failed","error":{"code":"rate_limit_exceeded","message":"Later."},"output":[]}
                """;

        assertThat(json(200, incomplete).getLast())
                .isInstanceOfSatisfying(
                        Completed.class, end -> assertThat(end.finishReason()).isEqualTo("length"));
        assertThat(failure(json(200, failed)).code()).isEqualTo("rate_limited");
    }

    @Test
    void aResponseThatIsStillGoingOnIsNoAnswer() {
        var queued = "{\"object\":\"response\",\"status\":\"queued\",\"error\":null}";

        assertThat(failure(json(200, queued)).code()).isEqualTo("protocol_error");
    }

    @Test
    void whatIsNeitherAnAnswerNorAnErrorIsNoEventStream() {
        assertThat(failure(json(200, "{\"ok\":true,\"error\":null}")).code())
                .isEqualTo("protocol_error");
        assertThat(failure(read(200, "text/html", "<html>".getBytes(UTF_8))).code())
                .isEqualTo("protocol_error");
    }

    @Test
    void anErrorUnderAnOrdinaryStatusIsAnError() {
        assertThat(failure(json(200, "{\"error\":{\"code\":\"insufficient_quota\"}}")).code())
                .isEqualTo("quota_exhausted");
    }

    @Test
    void aRefusalIsReadUpToItsLimit() {
        var large = "{\"error\":{\"message\":\"" + "x".repeat(ERROR_BYTES_MAX) + "\"}}";

        assertThat(failure(json(429, large)))
                .extracting(Failed::code, Failed::message)
                .containsExactly("rate_limited", "The provider answered with HTTP status 429.");
    }

    private static Failed failure(List<EventBody> bodies) {
        return (Failed) bodies.getLast();
    }

    private static List<EventBody> json(int status, String body) {
        return read(status, "application/json", body.getBytes(UTF_8));
    }

    private static List<EventBody> read(int status, String type, byte[] bytes) {
        return read(status, Map.of("content-type", type), bytes);
    }

    private static List<EventBody> read(int status, Map<String, String> headers, byte[] bytes) {
        var lists = new HashMap<String, List<String>>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        var context =
                new NormaliserContext(
                        "openai", ProviderJson.newObject(), ResponseLimits.defaults());
        var body =
                new RefusalBody(
                        status,
                        HttpHeaders.of(lists, (_, _) -> true),
                        null,
                        ERROR_BYTES_MAX,
                        new ResponsesApi().normaliser(context));
        var drafts = new ArrayList<>(body.bytes(ByteBuffer.wrap(bytes)));
        drafts.addAll(body.end());
        return drafts.stream().map(Draft::body).toList();
    }
}
