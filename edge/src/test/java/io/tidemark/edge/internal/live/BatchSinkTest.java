package io.tidemark.edge.internal.live;

import static io.tidemark.edge.internal.live.Events.frame;
import static io.tidemark.edge.internal.live.Events.terminal;
import static io.tidemark.edge.internal.live.Events.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Placement;
import io.tidemark.schemas.ToolBody.InputKind;
import io.tidemark.schemas.ToolBody.ToolDelta;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** When what is gathered is let go, and what is never gathered. */
class BatchSinkTest {
    private static final Duration LONGEST = Duration.ofMillis(100);

    private final ManualDelay delay = new ManualDelay();
    private boolean slow;
    private final FrameSink client = new FrameSink(() -> slow, () -> delay.now);
    private final List<String> told = new ArrayList<>();
    private final BatchSink batches = new BatchSink(client, LONGEST, delay);

    BatchSinkTest() {
        batches.from(
                new Upstream() {
                    @Override
                    public void busy() {
                        told.add("busy");
                    }

                    @Override
                    public void writable() {
                        told.add("writable");
                    }

                    @Override
                    public void heartbeat() {
                        told.add("heartbeat");
                    }

                    @Override
                    public void disconnected() {
                        told.add("disconnected");
                    }
                });
    }

    private boolean write(Frame... frames) {
        return batches.write(frames, frames.length);
    }

    private List<Long> sequences() {
        return client.frames().stream().map(Frame::sequence).toList();
    }

    @Test
    void deltasInARowAreOneEventWhenTimeIsUp() {
        write(frame(text(1, "tide")), frame(text(2, "mark")));
        assertThat(batches.silent()).isTrue();
        write(frame(text(3, "!")));
        delay.pass(LONGEST);

        assertThat(client.json())
                .containsExactly(
                        "{\"schemaVersion\":1,\"type\":\"text.delta\",\"requestId\":\""
                                + Events.ID
                                + "\",\"sequence\":3,\"firstSequence\":1,\"at\":1007,"
                                + "\"outputIndex\":0,\"contentIndex\":0,\"itemId\":\"msg\","
                                + "\"text\":\"tidemark!\"}");
        assertThat(client.got.getFirst().at()).isEqualTo(LONGEST);
        assertThat(delay.idle()).isTrue();
    }

    @Test
    void whatIsHeldOfAnErasedStreamIsNeverSent() {
        write(frame(text(1, "tide")), frame(text(2, "mark")));
        batches.erased();
        delay.pass(LONGEST);

        assertThat(client.frames()).isEmpty();
        assertThat(delay.idle()).isTrue();
    }

    @Test
    void aDeltaThatComesAloneStaysAsItIs() {
        var alone = frame(text(1, "tide"));
        write(alone);
        delay.pass(LONGEST);
        assertThat(client.frames()).containsExactly(alone);
    }

    @Test
    void whatIsNoDeltaLetsGoOfWhatIsHeld() {
        write(frame(text(1, "a")), frame(text(2, "b")), frame(terminal(3)));
        assertThat(sequences()).containsExactly(2L, 3L);
        assertThat(delay.idle()).isTrue();
    }

    @Test
    void anotherLaneLetsGoOfWhatIsHeld() {
        var elsewhere = Events.event(2, Placement.content(1, 0, "b"), text(0, "x").body());
        write(frame(text(1, "a")), frame(elsewhere));
        assertThat(sequences()).containsExactly(1L);
    }

    @Test
    void valuesAtAPathAreNotMerged() {
        var delta = new ToolDelta("c", InputKind.JSON_PATH, "1", "$.n");
        write(
                frame(Events.event(1, Placement.item(0, "t"), delta)),
                frame(Events.event(2, Placement.item(0, "t"), delta)));
        assertThat(sequences()).containsExactly(1L, 2L);
    }

    @Test
    void fieldsThatThisVersionDoesNotKnowAreNotMerged() {
        for (int i = 1; i < 3; i++) {
            var entry =
                    Records.entry(
                            Events.ID,
                            1,
                            i,
                            "text.delta",
                            "{\"type\":\"text.delta\",\"sequence\":"
                                    + i
                                    + ",\"text\":\"a\",\"new\":1}");
            write(FrameEncoder.encode(entry, i, 0));
        }
        assertThat(sequences()).containsExactly(1L, 2L);
    }

    @Test
    void halvesOfACharacterAreNotMerged() {
        for (var half : List.of("d83d", "de42")) {
            var entry =
                    Records.entry(
                            Events.ID,
                            1,
                            1,
                            "text.delta",
                            "{\"type\":\"text.delta\",\"sequence\":1,\"text\":\"\\u"
                                    + half
                                    + "\"}");
            write(FrameEncoder.encode(entry, 1, 0));
        }
        assertThat(sequences()).containsExactly(1L, 1L);
    }

    @Test
    void whatIsTooLargeTogetherIsNotMerged() {
        var half = "x".repeat(Merge.BYTES_MAX / 2);
        write(frame(text(1, half)), frame(text(2, half)), frame(text(3, half + half)));
        assertThat(sequences()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aHeartbeatDoesNotLetGoAndAFarewellDoes() {
        write(frame(text(1, "a")), Manners.HEARTBEAT);
        assertThat(sequences()).containsExactly(-1L);
        write(Frame.control("retry: 1\n\n"));
        assertThat(sequences()).containsExactly(-1L, 1L, -1L);
    }

    @Test
    void aMarkComesBehindWhatIsHeld() {
        write(frame(text(1, "a")), Frame.mark(3));
        assertThat(client.frames()).isEmpty();
        delay.pass(LONGEST);
        assertThat(sequences()).containsExactly(1L, 3L);
    }

    @Test
    void theReaderWaitsWhenTheClientIsBusyWithWhatWasHeld() {
        slow = true;
        write(frame(text(1, "a")));
        delay.pass(LONGEST);
        assertThat(told).containsExactly("busy");

        slow = false;
        client.keeping = false;
        batches.writable();
        assertThat(told).containsExactly("busy", "writable");
    }

    @Test
    void whatIsDueGoesFirstWhenTheClientIsNotBusyAnyMore() {
        slow = true;
        assertThat(write(frame(terminal(0)), frame(text(1, "a")))).isFalse();
        delay.pass(LONGEST);
        assertThat(sequences()).containsExactly(0L);

        client.keeping = false;
        batches.writable();
        assertThat(sequences()).containsExactly(0L, 1L);
        assertThat(told).isEmpty();
        client.keeping = false;
        batches.writable();
        assertThat(told).containsExactly("writable");
    }

    @Test
    void nothingIsNewerOnlyOnceNothingIsHeld() {
        write(frame(text(1, "a")));
        batches.caughtUp();
        assertThat(client.caughtUp).isZero();
        delay.pass(LONGEST);
        assertThat(client.caughtUp).isEqualTo(1);
    }

    @Test
    void whoLeavesIsNotWaitedFor() {
        write(frame(text(1, "a")));
        batches.disconnected();
        assertThat(delay.idle()).isTrue();
        assertThat(told).containsExactly("disconnected");
    }
}
