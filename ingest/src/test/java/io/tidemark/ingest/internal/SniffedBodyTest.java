package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.ingest.ResponseLimits;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is made of a body that is not announced as what it is. */
class SniffedBodyTest {
    private static final String DELTA =
            "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"content_index\":0,\"delta\":\"Hi\"}";
    private static final String COMPLETED =
            "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[]}}";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Normaliser normaliser =
            new ResponsesApi()
                    .normaliser(
                            new NormaliserContext(
                                    "openai", ProviderJson.newObject(), ResponseLimits.defaults()));
    private final SniffedBody body =
            new SniffedBody(
                    new EventStreamBody(
                            new JsonArrayParser(1024), normaliser, new IngestMetrics(meters)),
                    new EventStreamBody(new SseParser(1024), normaliser, new IngestMetrics(meters)),
                    new RefusalBody(
                            200,
                            HttpHeaders.of(
                                    Map.of("content-type", List.of("application/json")),
                                    (_, _) -> true),
                            null,
                            1024,
                            normaliser));

    private List<Draft> bytes(String text) {
        return body.bytes(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    @Test
    void anArrayIsAStreamOfItsElements() {
        assertThat(bytes("\uFEFF \n")).isEmpty();
        assertThat(body.streamed()).isFalse();

        assertThat(bytes("[" + DELTA)).extracting(Draft::body).contains(new TextDelta("Hi", null));
        assertThat(body.streamed()).isTrue();
        assertThat(bytes("," + COMPLETED).getLast().body()).isInstanceOf(Completed.class);
        assertThat(bytes("]")).isEmpty();
        assertThat(body.end()).isEmpty();
    }

    @Test
    void anArrayThatBreaksOffIsALostConnection() {
        var drafts = new ArrayList<>(bytes("[" + DELTA + ","));
        drafts.addAll(body.end());

        assertThat(drafts.getLast().body())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("connection_lost"));
    }

    @Test
    void anElementThatIsTooLargeEndsTheStream() {
        assertThat(bytes("[\"" + "x".repeat(1024)).getLast().body())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("protocol_error"));
    }

    @Test
    void elementsAfterTheEndAreCounted() {
        bytes("[" + COMPLETED + "," + DELTA + "]");

        assertThat(meters.counter(IngestMetrics.FRAMES_LATE).count()).isEqualTo(1);
    }

    @Test
    void anObjectIsAWholeAnswer() {
        assertThat(bytes(" {\"object\":\"response\",\"status\":\"completed\",")).isEmpty();
        assertThat(body.streamed()).isFalse();
        bytes("\"output\":[]}");

        assertThat(body.end().getLast().body()).isInstanceOf(Completed.class);
    }

    @Test
    void nothingAtAllIsNoAnswer() {
        assertThat(body.end().getLast().body())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("protocol_error"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ": hello\n\n", "event: x\n", "id: 1\n", "retry: 10\n", "\n\r\n"})
    void anEventStreamIsReadWhateverItWasAnnouncedAs(String before) {
        var stream = before + "data: " + DELTA + "\n\ndata: " + COMPLETED + "\n\n";
        var drafts = new ArrayList<Draft>();
        for (int i = 0; i < stream.length(); i++) {
            drafts.addAll(bytes(stream.substring(i, i + 1)));
        }

        assertThat(body.streamed()).isTrue();
        assertThat(drafts).extracting(Draft::body).contains(new TextDelta("Hi", null));
        assertThat(drafts.getLast().body()).isInstanceOf(Completed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "error", "dat", "d", "upstream timed out", "null", ""})
    void whatIsNothingOfTheKindIsARefusal(String text) {
        var drafts = new ArrayList<>(bytes(text));
        drafts.addAll(body.end());

        assertThat(drafts.getLast().body())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("protocol_error"));
    }
}
