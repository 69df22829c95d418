package io.tidemark.edge.internal.live;

import static io.tidemark.edge.internal.live.Events.frame;
import static io.tidemark.edge.internal.live.Events.terminal;
import static io.tidemark.edge.internal.live.Events.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Where the tidemark goes when events are left out. */
class FilterSinkTest {
    private final FrameSink client = new FrameSink();
    private final FilterSink filter = new FilterSink(client, Types.parse("stream.*"), false);

    private void write(Frame... frames) {
        assertThat(filter.write(frames, frames.length)).isTrue();
    }

    @Test
    void nothingIsWrittenForWhatIsLeftOutAlone() {
        write(frame(text(0, "a")), frame(text(1, "b")));
        assertThat(client.got).isEmpty();
        assertThat(filter.silent()).isTrue();
    }

    @Test
    void theMarkGoesWithTheNextHeartbeat() {
        write(frame(text(0, "a")), frame(text(1, "b")));
        write(Manners.HEARTBEAT);
        assertThat(client.frames()).extracting(Frame::sequence).containsExactly(1L, -1L);
        assertThat(filter.silent()).isFalse();
    }

    @Test
    void theMarkGoesBehindEventsOfTheSameWrite() {
        var wanted = frame(terminal(0));
        write(wanted, frame(text(1, "a")), frame(text(2, "b")));
        assertThat(client.frames()).extracting(Frame::sequence).containsExactly(0L, 2L);
    }

    @Test
    void anEventThatFollowsMakesTheMarkNeedless() {
        write(frame(text(0, "a")));
        write(frame(text(1, "b")), frame(terminal(2)));
        assertThat(client.frames()).extracting(Frame::sequence).containsExactly(2L);
    }

    @Test
    void aClientThatIsNotKeptConnectedIsToldAtOnce() {
        var prompt = new FilterSink(client, Types.parse("stream.*"), true);
        prompt.write(new Frame[] {frame(text(0, "a"))}, 1);
        assertThat(client.frames()).extracting(Frame::sequence).containsExactly(0L);
    }
}
