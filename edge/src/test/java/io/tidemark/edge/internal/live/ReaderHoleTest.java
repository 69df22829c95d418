package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.EventRecord;

import org.junit.jupiter.api.Test;

/** What readers do before a hole in the log, and behind it. */
class ReaderHoleTest extends ReaderHarness {
    private void appendHole() {
        append(0, 3);
        append(5, 8);
    }

    private void passBound() {
        clock.pass(Hole.FINAL_AFTER);
    }

    @Test
    void aReaderWaitsBeforeAHoleAndGoesOnWhenItIsMended() {
        appendHole();
        log.startTailAtEnd(window);
        var reader = reader(ID, 1);
        reader.start();
        settle();
        clock.pass(Hole.FINAL_AFTER.minusMillis(1));
        reader.heartbeat();
        reader.heartbeat();
        assertThat(sink.ended).isFalse();

        log.append(new EventRecord.Fence(ID, new Attempt(0, 2)));
        log.append(Records.delta(ID, 2, 3));
        log.append(Records.delta(ID, 2, 4));
        log.tailAll(window);
        passBound();
        reader.heartbeat();
        settle();

        assertThat(sink.sequences).containsExactly(1L, 2L, 3L, 4L);
        assertThat(sink.ended).isFalse();
    }

    @Test
    void aFenceBehindTheHoleKeepsItsReadersWaiting() {
        appendHole();
        log.append(new EventRecord.Fence(ID, new Attempt(0, 2)));
        passBound();
        reader(ID, 3).start();
        settle();

        assertThat(sink.opened).isTrue();
        assertThat(sink.ended).isFalse();
    }

    @Test
    void aHoleThatIsMendedIsNoHoleForAnyReader() {
        appendHole();
        log.append(new EventRecord.Fence(ID, new Attempt(0, 2)));
        for (int i = 3; i < 7; i++) {
            log.append(Records.delta(ID, 2, i));
        }
        passBound();
        reader(ID, 6).start();
        settle();

        assertThat(sink.sequences).containsExactly(6L);
        assertThat(sink.frames.getFirst()).contains("\"a\":2");
    }

    @Test
    void aReaderThatReplaysUpToAFinalHoleIsSentAwayThere() {
        appendHole();
        passBound();
        reader(ID, 0).start();
        settle();

        assertThat(sink.sequences).containsExactly(0L, 1L, 2L);
        assertThat(sink.ended).isTrue();
        assertThat(sink.controls.getLast()).startsWith("retry: ");
        assertThat(done).hasValue(1);
    }

    @Test
    void aLiveReaderIsSentAwayWhenTheHoleBecomesFinal() {
        append(0, 1);
        log.startTailAtEnd(window);
        var reader = reader(ID, 0);
        reader.start();
        settle();
        append(1, 3);
        append(5, 8);
        log.tailAll(window);
        settle();
        assertThat(inState("live")).isEqualTo(1);

        passBound();
        reader.heartbeat();
        reader.heartbeat();

        assertThat(sink.sequences).containsExactly(0L, 1L, 2L);
        assertThat(sink.ended).isTrue();
    }

    @Test
    void whoComesBackBeforeAFinalHoleIsToldWhatIsBehindIt() {
        appendHole();
        passBound();
        reader(ID, 3).start();
        settle();
        assertThat(sink.refusal).isEqualTo(new Refusal.Missing(5));

        sink.refusal = null;
        reader(ID, 4).start();
        settle();
        assertThat(sink.refusal).isEqualTo(new Refusal.Missing(5));
    }

    @Test
    void theWindowDoesNotKeepWhoComesBackWaiting() {
        var fresh = Records.id(9);
        log.append(Records.delta(fresh, 1, 0));
        log.append(Records.delta(fresh, 1, 2));
        log.tailAll(window);
        passBound();
        reader(fresh, 1).start();
        settle();

        assertThat(sink.refusal).isEqualTo(new Refusal.Missing(2));
        assertThat(sink.opened).isFalse();
    }

    @Test
    void aReaderGoesOnBehindAFinalHoleFromTheLogAndLive() {
        var fresh = Records.id(9);
        log.append(Records.delta(fresh, 1, 0));
        log.append(Records.delta(fresh, 1, 2));
        log.append(Records.delta(fresh, 1, 3));
        log.tailAll(window);
        passBound();
        reader(fresh, 2).start();
        settle();
        assertThat(sink.sequences).containsExactly(2L, 3L);
        assertThat(inState("live")).isEqualTo(1);

        log.append(Records.terminal(fresh, 1, 4));
        log.tailAll(window);
        settle();

        assertThat(sink.sequences).containsExactly(2L, 3L, 4L);
        assertThat(sink.ended).isTrue();
    }

    @Test
    void aTailThatMeetsTheHoleLaterDoesNotLoseThoseBehindIt() {
        append(0, 1);
        log.startTailAtEnd(window);
        append(1, 3);
        append(5, 8);
        passBound();
        reader(ID, 5).start();
        settle();
        log.tailAll(window);
        append(8, 9);
        log.tailAll(window);
        settle();

        assertThat(sink.sequences).containsExactly(5L, 6L, 7L, 8L);
    }

    @Test
    void behindAHoleThatMayBeMendedNothingIsDecided() {
        appendHole();
        reader(ID, 6).start();
        settle();
        assertThat(sink.refusal).isEqualTo(new Refusal.Undecided());
    }

    @Test
    void beyondWhatIsBehindAFinalHoleIsBeyondTheEnd() {
        appendHole();
        passBound();
        reader(ID, 9).start();
        settle();
        assertThat(sink.refusal).isEqualTo(new Refusal.BeyondEnd(7));
    }

    @Test
    void theEdgesOwnReaderGoesOnBehindAFinalHole() {
        appendHole();
        log.append(Records.terminal(ID, 1, 8));
        passBound();
        reader(ID, -1).start();
        settle();

        assertThat(sink.sequences).containsExactly(0L, 1L, 2L, 5L, 6L, 7L, 8L);
    }
}
