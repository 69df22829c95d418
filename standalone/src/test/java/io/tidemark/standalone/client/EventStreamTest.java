package io.tidemark.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;

class EventStreamTest {
    @Test
    void readsFramesAndPassesHeartbeatsBy() throws IOException {
        var stream =
                streamOf(
                        """
                        retry: 1000

                        : heartbeat

                        id: 0
                        event: a
                        data: {}

                        id: 1
                        event: b
                        data: x
                        data: y

                        """);

        assertThat(stream.next()).contains(new ReceivedEvent(0, "a", "{}"));
        assertThat(stream.next()).contains(new ReceivedEvent(1, "b", "x\ny"));
        assertThat(stream.next()).isEmpty();
    }

    @Test
    void aFrameThatWasCutOffIsNotDeliveredWhereverThatWas() throws IOException {
        var frame = "id: 10\nevent: a\ndata: {}\n\n";
        for (int length = 0; length < frame.length(); length++) {
            assertThat(streamOf(frame.substring(0, length)).next()).isEmpty();
        }
    }

    @Test
    void knowsHowLongToWaitUnlessThatWasCutOff() throws IOException {
        var stream = streamOf("retry: 2500\n\nretry: 10");

        assertThat(stream.next()).isEmpty();
        assertThat(stream.retry()).isEqualTo(Duration.ofMillis(2_500));
    }

    @Test
    void anAssemblyRefusesAHoleAndARepetition() {
        var assembly = new TextAssembly();
        assembly.add(new ReceivedEvent(0, "stream.started", "{}"));

        assertThatIllegalStateException()
                .isThrownBy(() -> assembly.add(new ReceivedEvent(2, "text.delta", "{}")))
                .withMessage("expected sequence 1, received 2");
        assertThatIllegalStateException()
                .isThrownBy(() -> assembly.add(new ReceivedEvent(0, "text.delta", "{}")))
                .withMessage("expected sequence 1, received 0");
    }

    @Test
    void printsSizesAndNotContents() {
        assertThat(new ReceivedEvent(0, "text.delta", "canary").toString())
                .doesNotContain("canary");
    }

    private static EventStream streamOf(String body) {
        return EventStream.of(new ByteArrayInputStream(body.getBytes(UTF_8)));
    }
}
