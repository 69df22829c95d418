package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What other representations take out of a frame. */
class FrameTest {
    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static Frame frame(String type, String json) {
        return FrameEncoder.encode(Records.entry(Events.ID, 1, 7, type, json), 0, 0);
    }

    @Test
    void theJsonIsAViewOfTheFrame() {
        var frame = frame("text.delta", "{\"text\":\"ä\"}");
        assertThat(frame.type()).isEqualTo("text.delta");
        assertThat(text(frame.json())).isEqualTo("{\"text\":\"ä\"}");
        assertThat(text(frame.line())).isEqualTo("{\"text\":\"ä\"}\n");
        assertThat(text(frame.bytes())).endsWith("data: {\"text\":\"ä\"}\n\n");
    }

    @Test
    void linesOfAForeignWriterAreOneLine() {
        var frame = frame("odd\ntype", "{\"a\":1,\r\n\"b\":2\n}");
        assertThat(frame.kind()).isEqualTo(Frame.Kind.SPREAD);
        assertThat(frame.type()).isEqualTo("oddtype");
        assertThat(text(frame.json())).isEqualTo("{\"a\":1, \"b\":2 }");
        assertThat(text(frame.line())).isEqualTo("{\"a\":1, \"b\":2 }\n");
        assertThat(frame.data()).isEqualTo("{\"a\":1,\n\"b\":2\n}");
    }

    @Test
    void aMarkHasNoDataAsAnEventStreamAndATypeAsJson() {
        var mark = Frame.mark(12);
        assertThat(text(mark.bytes())).isEqualTo("id: 12\n\n");
        assertThat(text(mark.line())).isEqualTo("{\"type\":\"tidemark\",\"sequence\":12}\n");
        assertThat(mark.event()).isFalse();
    }
}
