package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.standalone.client.EventStream;
import io.tidemark.standalone.client.ReceivedEvent;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;

class LatencyLoadTest {
    private static final LatencyLoad.Shape ONE =
            new LatencyLoad.Shape(1, 1, Duration.ZERO, Duration.ofSeconds(1));

    /** Serves one stream that ends so. */
    private record Ending(String type) implements LatencyPath {
        @Override
        public EventStream open(ObjectNode request) {
            var frames = "event: token\ndata: 1\n\nevent: %s\ndata: {}\n\n".formatted(type);
            return EventStream.of(
                    new ByteArrayInputStream(frames.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public String text(ReceivedEvent event) {
            return event.type().equals("token") ? event.data() : "";
        }

        @Override
        public OptionalLong stampedAtMs(ReceivedEvent event) {
            return OptionalLong.empty();
        }

        @Override
        public boolean completed(ReceivedEvent event) {
            return event.type().equals("end");
        }

        @Override
        public void close() {}
    }

    @Test
    void measuresStreamsThatComplete() throws Exception {
        var latencies = new LatencyLoad(ONE, new Ending("end")).run(() -> null);

        assertThat(latencies.read().getTotalCount()).isEqualTo(1);
    }

    @Test
    void givesNoFiguresWhenAStreamFailed() {
        assertThatThrownBy(() -> new LatencyLoad(ONE, new Ending("failed")).run(() -> null))
                .isInstanceOf(IOException.class)
                .hasRootCauseMessage("a stream of the load did not complete");
    }
}
