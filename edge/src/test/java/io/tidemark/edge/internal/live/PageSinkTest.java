package io.tidemark.edge.internal.live;

import static io.tidemark.edge.internal.live.Events.frame;
import static io.tidemark.edge.internal.live.Events.terminal;
import static io.tidemark.edge.internal.live.Events.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** When a page is full, and when it is not waited for any longer. */
class PageSinkTest {
    private static final Duration WAIT = Duration.ofSeconds(1);

    private final ManualDelay delay = new ManualDelay();
    private final FrameSink client = new FrameSink();
    private boolean letGo;

    private PageSink page(long next, int eventsMax, Duration wait) {
        var page = new PageSink(client, Events.ID, next, eventsMax, wait, delay);
        page.from(
                new Upstream() {
                    @Override
                    public void busy() {
                        throw new AssertionError("a page is never busy");
                    }

                    @Override
                    public void writable() {
                        throw new AssertionError("a page never waits");
                    }

                    @Override
                    public void heartbeat() {
                        throw new AssertionError("a page has no heartbeat");
                    }

                    @Override
                    public void disconnected() {
                        letGo = true;
                    }
                });
        page.open();
        return page;
    }

    private static void write(PageSink page, Frame... frames) {
        page.write(frames, frames.length);
    }

    private String head() {
        return StandardCharsets.UTF_8.decode(client.frames().getFirst().bytes()).toString();
    }

    private String tail() {
        return StandardCharsets.UTF_8.decode(client.frames().getLast().bytes()).toString();
    }

    @Test
    void itIsGivenWhenThereIsAnEventAndNoFurtherOne() {
        var page = page(0, 10, WAIT);
        page.caughtUp();
        write(page, frame(text(0, "a")), frame(text(1, "b")));
        assertThat(client.opened).isFalse();
        page.caughtUp();

        assertThat(head()).isEqualTo("{\"requestId\":\"" + Events.ID + "\",\"events\":[");
        assertThat(tail()).isEqualTo("],\"lastSequence\":1,\"ended\":false}");
        assertThat(client.json()).hasSize(2);
        assertThat(client.ended && letGo && delay.idle()).isTrue();
    }

    @Test
    void itIsFullWithSoManyEvents() {
        write(page(5, 2, WAIT), frame(text(5, "a")), frame(text(6, "b")), frame(text(7, "c")));
        assertThat(tail()).isEqualTo("],\"lastSequence\":6,\"ended\":false}");
        assertThat(letGo).isTrue();
    }

    @Test
    void itEndsWithTheTerminalEvent() {
        var page = page(0, 10, WAIT);
        write(page, frame(text(0, "a")), frame(terminal(1)));
        page.end();
        assertThat(tail()).isEqualTo("],\"lastSequence\":1,\"ended\":true}");
        assertThat(client.got).hasSize(5);
    }

    @Test
    void itIsEmptyWhenNothingCameInTime() {
        var page = page(4, 10, WAIT);
        page.caughtUp();
        write(page, Manners.HEARTBEAT, Frame.mark(6));
        page.caughtUp();
        delay.pass(WAIT);
        assertThat(tail()).isEqualTo("],\"lastSequence\":6,\"ended\":false}");
        assertThat(client.json()).isEmpty();
    }

    @Test
    void itIsNotEmptyBecauseTheLogIsSlow() {
        var page = page(0, 10, WAIT);
        delay.pass(WAIT);
        assertThat(client.opened).isFalse();
        write(page, frame(text(0, "a")));
        page.caughtUp();
        assertThat(client.json()).hasSize(1);
    }

    @Test
    void whoDoesNotWaitIsAnsweredAtTheEndOfTheLog() {
        page(0, 10, Duration.ZERO).caughtUp();
        assertThat(tail()).isEqualTo("],\"ended\":false}");
    }

    @Test
    void whoIsSentAwayGetsWhatThereIs() {
        var page = page(0, 10, WAIT);
        write(page, frame(text(0, "a")), Frame.control("retry: 1\n\n"));
        page.end();
        assertThat(client.json()).hasSize(1);
    }
}
