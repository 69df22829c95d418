package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.ingest.ResponseLimits;
import io.tidemark.ingest.internal.responses.ResponsesApi;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

class EventStreamBodyTest {
    private static final String COMPLETED =
            "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[]}}\n\n";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final EventStreamBody body =
            new EventStreamBody(
                    new SseParser(),
                    new ResponsesApi()
                            .normaliser(
                                    new NormaliserContext(
                                            "openai",
                                            ProviderJson.newObject(),
                                            ResponseLimits.defaults())),
                    new IngestMetrics(meters));

    private double late(String text) {
        body.bytes(ByteBuffer.wrap((COMPLETED + text).getBytes(StandardCharsets.UTF_8)));
        return meters.counter(IngestMetrics.FRAMES_LATE).count();
    }

    @Test
    void countsFramesAfterTheTerminal() {
        assertThat(late("data: {\"type\":\"response.completed\"}\n\n")).isEqualTo(1);
    }

    @Test
    void takesTheEndMarkerForPartOfTheEnd() {
        assertThat(late("data: [DONE]\n\n")).isZero();
    }
}
