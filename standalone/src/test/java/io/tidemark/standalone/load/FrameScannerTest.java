package io.tidemark.standalone.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class FrameScannerTest {
    private record Found(long sequence, FrameSink.Kind kind, long dueAt, long stampedAtMs) {}

    private final List<Found> found = new ArrayList<>();
    private final FrameScanner scanner =
            new FrameScanner(
                    (sequence, kind, due, at) -> found.add(new Found(sequence, kind, due, at)));

    private void scan(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        scanner.scan(bytes, 0, bytes.length);
    }

    @Test
    void findsSequenceTimeAndStampOfAnEvent() {
        scan(
                "id: 17\nevent: text.delta\ndata: {\"sequence\":17,\"at\":1764399999123,"
                        + "\"outputIndex\":0,\"text\":\"123456789012 \"}\n\n");

        assertThat(found)
                .containsExactly(
                        new Found(
                                17, FrameSink.Kind.ORDINARY, 123_456_789_012L, 1_764_399_999_123L));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000})
    void findsTheSameHoweverTheBytesCome(int atOnce) {
        var bytes =
                """
                retry: 1000

                : beat

                id: 1
                event: a
                data: "5000000000 "

                id: 2
                event: stream.completed
                data: {}

                """
                        .getBytes(StandardCharsets.UTF_8);

        for (int i = 0; i < bytes.length; i += atOnce) {
            scanner.scan(bytes, i, Math.min(bytes.length, i + atOnce));
        }

        assertThat(found)
                .containsExactly(
                        new Found(1, FrameSink.Kind.ORDINARY, 5_000_000_000L, -1),
                        new Found(2, FrameSink.Kind.COMPLETED, -1, -1));
    }

    @Test
    void knowsTheEndsOfBothSides() {
        for (var type :
                List.of(
                        "stream.failed",
                        "response.failed",
                        "response.incomplete",
                        "error",
                        "response.completed",
                        "content.completed")) {
            scan("event: " + type + "\ndata: {}\n\n");
        }

        assertThat(found)
                .extracting(Found::kind)
                .containsExactly(
                        FrameSink.Kind.FAILED,
                        FrameSink.Kind.FAILED,
                        FrameSink.Kind.FAILED,
                        FrameSink.Kind.FAILED,
                        FrameSink.Kind.COMPLETED,
                        FrameSink.Kind.ORDINARY);
    }

    @Test
    void aFrameThatWasCutOffIsForgotten() {
        scan("id: 3\nevent: text.delta\ndata: {\"text\":\"50000");

        scanner.reset();
        scan("id: 4\ndata: \"6000000000 \"\n\n");

        assertThat(found)
                .containsExactly(new Found(4, FrameSink.Kind.ORDINARY, 6_000_000_000L, -1));
    }
}
