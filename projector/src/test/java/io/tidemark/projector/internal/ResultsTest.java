package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.SampleStream;
import io.tidemark.schemas.EventHeaders;
import io.tidemark.schemas.EventRecord;
import io.tidemark.schemas.ResponseCodec;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

final class ResultsTest {
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final SampleStream stream = SampleStream.of(0, 1, 20);
    private final ProjectorMetrics metrics =
            new ProjectorMetrics(new SimpleMeterRegistry(), InstantSource.system());

    @Test
    void leavesOutTheContentThatNoTopicWouldTake() {
        var both = results(300).of(terminal(), Progress.NONE, folded(), 0).orElseThrow();

        var response = ResponseCodec.decode(both.response().value());
        assertThat(response.items()).isEmpty();
        assertThat(response.warnings()).containsExactly(Results.CONTENT_TOO_LARGE);
        assertThat(response.usage()).isNotNull();
        assertThat(ResponseCodec.decodeUsage(both.usage().value()).usage()).isNotNull();
    }

    @Test
    void passesTheTraceOn() {
        var both = results(10_000).of(terminal(), Progress.NONE, folded(), 0).orElseThrow();

        var header = both.usage().headers().lastHeader(EventHeaders.TRACEPARENT);
        assertThat(new String(header.value(), StandardCharsets.US_ASCII)).isEqualTo(TRACE);
    }

    @Test
    void areNoneWithoutAReadableEnd() {
        var open = new Assembly(stream.id(), 5);
        open.add(piece(5));

        assertThat(results(10_000).of(terminal(), Progress.NONE, open, 0)).isEmpty();
    }

    private Results results(int bytesMax) {
        return new Results(bytesMax, metrics);
    }

    private EventRecord.Entry terminal() {
        var headers = new EventHeaders("stream.completed", stream.last(), 1, TRACE);
        return new EventRecord.Entry(stream.id(), headers, new byte[0]);
    }

    private Assembly folded() {
        var assembly = new Assembly(stream.id(), stream.length());
        assembly.add(piece(stream.length()));
        return assembly;
    }

    private byte[] piece(int events) {
        byte[] piece = Piece.append(null, event(0));
        for (int sequence = 1; sequence < events; sequence++) {
            piece = Piece.append(piece, event(sequence));
        }
        return piece;
    }

    private AcceptedEvent event(long sequence) {
        return new AcceptedEvent(1, sequence, false, 0, 0, stream.record(sequence, 1).value());
    }
}
