package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

class UnacknowledgedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int HALF = Unacknowledged.BYTES_MAX / 2;

    private final StreamId id = TestStreams.mint();
    private final Exception lost = new TimeoutException("too late");
    private final Unacknowledged window = new Unacknowledged(0);

    private StreamEvent event(long sequence) {
        return TestStreams.event(id, sequence, TestStreams.text("a"));
    }

    private CompletableFuture<Boolean> waiting(long sequence, int bytes) {
        var added = new CompletableFuture<Boolean>();
        var thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> added.complete(window.add(event(sequence), bytes)));
        await().atMost(PATIENCE).until(() -> thread.getState() == Thread.State.WAITING);
        return added;
    }

    @Test
    void isFullUntilEnoughIsAcknowledged() {
        assertThat(window.add(event(0), HALF)).isTrue();
        assertThat(window.add(event(1), HALF)).isTrue();

        var third = waiting(2, HALF + 1);
        assertThat(window.acknowledged(0, 0, 70)).isTrue();
        assertThat(third).isNotDone();
        assertThat(window.acknowledged(0, 1, 71)).isTrue();

        assertThat(third).succeedsWithin(PATIENCE).isEqualTo(true);
    }

    @Test
    void takesAnEventThatIsLargerThanItselfAlone() {
        assertThat(window.add(event(0), 3 * HALF)).isTrue();

        var next = waiting(1, 1);
        assertThat(window.acknowledged(0, 0, 70)).isTrue();

        assertThat(next).succeedsWithin(PATIENCE).isEqualTo(true);
    }

    @Test
    void takesNothingWhileTheLogIsBroken() {
        assertThat(window.add(event(0), HALF)).isTrue();
        var waits = waiting(1, 2 * HALF);

        assertThat(window.broke(0, lost)).isTrue();

        assertThat(waits).succeedsWithin(PATIENCE).isEqualTo(false);
        assertThat(window.add(event(1), 1)).isFalse();
    }

    @Test
    void givesWhatTheLogLacksInOrderAndKeepsIt() {
        for (int i = 0; i < 4; i++) {
            assertThat(window.add(event(i), 1)).isTrue();
        }
        assertThat(window.acknowledged(0, 0, 70)).isTrue();
        assertThat(window.broke(0, lost)).isTrue();

        assertThat(window.restart(2)).extracting(StreamEvent::sequence).containsExactly(2L, 3L);
        assertThat(window.add(event(4), 1)).isTrue();
        assertThat(window.restart(3)).extracting(StreamEvent::sequence).containsExactly(3L, 4L);
        assertThat(window.restart(5)).isEmpty();
    }

    /* Whoever was told first has read the log back by then, and nothing would mend it again. */
    @Test
    void aFailureThatIsToldLateBreaksNoLaterLeg() {
        assertThat(window.add(event(0), 1)).isTrue();
        assertThat(window.broke(0, lost)).isTrue();
        window.restart(0);

        assertThat(window.broke(0, lost)).isFalse();

        assertThat(window.failure()).isEmpty();
        assertThat(window.add(event(1), 1)).isTrue();
        assertThat(window.broke(1, lost)).isTrue();
        assertThat(window.failure()).contains(lost);
    }

    /* It would set a later read-back to begin under an attempt that has written nothing there. */
    @Test
    void anAcknowledgementThatIsToldLateTakesNothingBack() {
        for (int i = 0; i < 3; i++) {
            assertThat(window.add(event(i), 1)).isTrue();
        }
        assertThat(window.broke(0, lost)).isTrue();
        assertThat(window.acknowledged(0, 0, 70)).isFalse();
        window.restart(2);

        assertThat(window.acknowledged(0, 0, 70)).isFalse();

        assertThat(window.acknowledged()).isEqualTo(new Unacknowledged.Acknowledged(2, -1));
    }
}
