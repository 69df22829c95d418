package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** Each way through the reader's states, step by step. */
class ReaderTest extends ReaderHarness {
    @Test
    void replaysThenJoinsThenGoesLive() {
        append(0, 10);
        log.startTailAtEnd(window);
        reader(ID, 3).start();
        assertThat(inState("locate")).isEqualTo(1);
        settle();
        assertThat(inState("live")).isEqualTo(1);
        append(10, 12);
        log.tailAll(window);
        settle();

        assertThat(sink.sequences).containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
        assertThat(sink.controls).containsExactly(": tidemark\nretry: 500\n\n");
    }

    @Test
    void eventsThatArriveDuringTheReplayAreNotMissed() {
        append(0, 10);
        log.startTailAtEnd(window);
        reader(ID, 0).start();
        log.readOne();
        append(10, 15);
        log.tailAll(window);
        settle();

        assertThat(sink.sequences).hasSize(15);
    }

    @Test
    void anotherTenantsStreamInTheWindowIsLookedForInTheLogAndIsNotThere() {
        var fresh = Records.id(9);
        log.append(Records.delta(fresh, 1, 0));
        log.append(Records.terminal(fresh, 1, 1));
        log.tailAll(window);
        reader(fresh, "globex", 0).start();

        assertThat(sink.refusal).isNull();
        assertThat(log.readOne()).isTrue();
        settle();
        assertThat(sink.refusal).isEqualTo(new Refusal.Unknown());
    }

    @Test
    void aThousandReadersOfAColdStreamThatFitsABatchCostOneRead() {
        log.batchBytes = 10_000;
        append(0, 3);
        log.append(Records.terminal(ID, 1, 3));
        var sinks = new ArrayList<RecordingSink>();
        for (int i = 0; i < 1_000; i++) {
            sinks.add(new RecordingSink());
            reader(ID, null, i % 3, sinks.getLast()).start();
        }
        settle();

        assertThat(log.reads()).isEqualTo(1);
        var whole = List.of(0L, 1L, 2L, 3L);
        for (int i = 0; i < 1_000; i++) {
            assertThat(sinks.get(i).sequences).isEqualTo(whole.subList(i % 3, 4));
        }
    }

    @Test
    void readersThatGoThroughALongColdStreamOneAfterTheOtherCostOneReadOfIt() {
        log.batchBytes = 200;
        append(0, 30);
        log.append(Records.terminal(ID, 1, 30));
        reader(ID, 0).start();
        settle();
        int alone = log.reads();
        assertThat(alone).isGreaterThan(5);

        for (int i = 0; i < 100; i++) {
            var late = new RecordingSink();
            reader(ID, null, i % 31, late).start();
            settle();
            assertThat(late.sequences).hasSize(31 - i % 31).endsWith(30L);
        }
        assertThat(log.reads()).isEqualTo(alone);
    }

    @Test
    void whereTheIndexesPlaceHasExpiredWhatIsLeftIsFoundAllTheSame() {
        var fresh = Records.id(9);
        log.indexedBy(index);
        for (int i = 0; i < 4; i++) {
            log.append(Records.delta(fresh, 1, i));
        }
        log.append(Records.terminal(fresh, 1, 4));
        log.tailAll(window);
        window.forgetPartition(0);
        log.expireBefore(3);
        reader(fresh, 3).start();
        settle();

        assertThat(sink.sequences).containsExactly(3L, 4L);
    }

    @Test
    void theIndexKnowsTheEndWhenTheWindowHasForgotten() {
        var fresh = Records.id(9);
        log.indexedBy(index);
        log.append(Records.terminal(fresh, 1, 0));
        log.tailAll(window);
        window.forgetPartition(0);
        reader(fresh, 1).start();

        assertThat(sink.refusal).isEqualTo(new Refusal.AtEnd(0));
        assertThat(log.reads()).isZero();
    }

    @Test
    void aStreamInTheWindowNeedsNoLog() {
        var fresh = Records.id(9);
        log.append(Records.delta(fresh, 1, 0));
        log.append(Records.terminal(fresh, 1, 1));
        log.tailAll(window);
        reader(fresh, 0).start();

        assertThat(sink.sequences).containsExactly(0L, 1L);
        assertThat(sink.ended).isTrue();
        assertThat(done).hasValue(1);
        assertThat(log.readOne()).isFalse();
    }

    @Test
    void whoKeepsUpIsNotLappedWhenTheStreamGetsShorterAndWhoDoesNotReadsTheLog() {
        append(0, 1);
        log.tailAll(window);
        reader(ID, 0).start();
        var slow = new RecordingSink();
        var stalled = reader(ID, null, 0, slow);
        stalled.start();
        settle();
        slow.slow = true;
        for (int i = 1; i < 1_000; i++) {
            append(i, i + 1);
            log.tailAll(window);
            settle();
            if (i % 100 == 0) {
                requireNonNull(window.find(ID, null), "stream").shorten();
            }
        }
        assertThat(sink.sequences).hasSize(1_000);
        assertThat(meters.counter(EdgeMetrics.LAPPED).count()).isZero();

        slow.slow = false;
        slow.take();
        stalled.writable();
        settle();
        assertThat(slow.sequences)
                .containsExactlyElementsOf(LongStream.range(0, 1_000).boxed().toList());
        assertThat(meters.counter(EdgeMetrics.LAPPED).count()).isEqualTo(1);
    }

    @Test
    void aLappedReaderGoesBackToTheLogWhereItIs() {
        append(0, 3);
        log.tailAll(window);
        reader(ID, 0).start();
        settle();
        window.forgetPartition(0);
        append(3, 6);
        log.tailAll(window);
        settle();

        assertThat(sink.sequences).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(meters.counter(EdgeMetrics.LAPPED).count()).isEqualTo(1);
    }

    @Test
    void aSlowSinkIsGivenNothingMore() {
        append(0, 50);
        sink.slow = true;
        var reader = reader(ID, 0);
        reader.start();
        settle();
        assertThat(sink.sequences).isEmpty();

        sink.take();
        reader.writable();
        settle();
        int first = sink.sequences.size();
        assertThat(first).isPositive().isLessThan(10);
        settle();
        assertThat(sink.sequences).hasSize(first);
    }

    @Test
    void aDrainedReaderIsToldToComeBack() {
        append(0, 2);
        log.startTailAtEnd(window);
        var reader = reader(ID, 0);
        reader.start();
        settle();
        reader.drain(1_000);

        assertThat(sink.controls.getLast()).matches("retry: (5\\d\\d|600)\n\n");
        assertThat(sink.ended).isTrue();
        assertThat(done).hasValue(1);
    }

    @Test
    void aReaderThatWasNotOpenedIsRefusedWhenTheEdgeDrains() {
        var reader = reader(ID, 0);
        reader.start();
        reader.drain(1_000);
        settle();

        assertThat(sink.refusal).isEqualTo(new Refusal.Draining());
        assertThat(sink.opened).isFalse();
    }

    @Test
    void whatIsNowhereIsUnknownAndWhatWasStartedIsNot() {
        reader(ID, 0).start();
        settle();
        assertThat(sink.refusal).isEqualTo(new Refusal.Unknown());

        log.started(ID);
        sink.refusal = null;
        reader(ID, 0).start();
        settle();
        assertThat(sink.refusal).isNull();
        append(0, 1);
        log.tailAll(window);
        settle();
        assertThat(sink.sequences).containsExactly(0L);
    }

    @Test
    void onlyTheLogSaysWhereTheEndIs() {
        append(0, 2);
        log.tailAll(window);
        reader(ID, 0).start();
        settle();
        append(2, 5);
        var ahead = new RecordingSink();
        var shared =
                new Reader.Shared(
                        window,
                        index,
                        log,
                        new Manners(
                                Duration.ZERO, Duration.ZERO, Duration.ofDays(1), new Random(1)),
                        metrics,
                        Records.CLOCK,
                        _ -> {});
        new Reader(ID, null, 4, loop, ahead, shared).start();
        settle();
        assertThat(ahead.sequences).containsExactly(4L);

        reader(ID, 6).start();
        settle();
        assertThat(sink.refusal).isEqualTo(new Refusal.BeyondEnd(4));
    }

    @Test
    void expiredEventsAreGone() {
        append(0, 5);
        log.expireBefore(3);
        reader(ID, 1).start();
        settle();
        assertThat(sink.refusal).isEqualTo(new Refusal.Gone(3));
    }

    @Test
    void aReaderBehindRetentionIsSentAwayMidStream() {
        append(0, 50);
        sink.slow = true;
        var reader = reader(ID, 0);
        reader.start();
        settle();
        sink.take();
        sink.slow = false;
        log.expireBefore(45);
        reader.writable();
        settle();
        assertThat(sink.ended).isTrue();
        assertThat(sink.sequences).hasSizeLessThan(45);
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whoComesBackBehindRetentionIsNotLedBackByWhatWasReadBefore() {
        append(0, 50);
        log.batchBytes = 200;
        reader(ID, 0).start();
        log.readOne(); // kept for whoever comes next
        log.expireBefore(45);

        reader(ID, 20).start();
        settle();

        assertThat(sink.refusal).isEqualTo(new Refusal.Gone(45));
    }

    @Test
    void atTheTerminalThereIsNothingLeft() {
        append(0, 2);
        log.append(Records.terminal(ID, 1, 2));
        reader(ID, 3).start();
        settle();
        assertThat(sink.refusal).isEqualTo(new Refusal.AtEnd(2));
    }

    @Test
    void aFullQueueTurnsNewcomersAway() {
        log.full = true;
        reader(ID, 0).start();
        assertThat(sink.refusal).isEqualTo(new Refusal.Busy());
    }

    @Test
    void aLogThatFailsRefusesNewcomersAndSendsOthersAway() {
        log.failing = true;
        reader(ID, 0).start();
        settle();
        assertThat(sink.refusal).isEqualTo(new Refusal.Unavailable());

        log.failing = false;
        sink.refusal = null;
        append(0, 50);
        reader(ID, 0).start();
        log.readOne();
        executor.runOne();
        log.failing = true;
        settle();
        assertThat(sink.ended).isTrue();
        assertThat(sink.controls.getLast()).startsWith("retry: ");
    }

    @Test
    void aHeartbeatIsWrittenOnlyIntoSilence() {
        append(0, 1);
        log.startTailAtEnd(window);
        var reader = reader(ID, 0);
        reader.start();
        settle();
        reader.heartbeat();
        assertThat(sink.controls).hasSize(1);
        reader.heartbeat();
        assertThat(sink.controls).containsSequence(": heartbeat\n\n");
    }

    @Test
    void inSilenceEverySecondCallIsAHeartbeat() {
        log.started(ID);
        var reader = reader(ID, 0);
        reader.start();
        settle();
        for (int i = 0; i < 6; i++) {
            reader.heartbeat();
        }
        assertThat(sink.controls).hasSize(4).endsWith(": heartbeat\n\n");
    }

    @Test
    void aReaderThatHasBeenHereForLongIsAskedToComeBackWithoutHaste() {
        append(0, 3);
        var reader = reader(ID, 0);
        reader.start();
        settle();
        clock.pass(Duration.ofHours(21));
        reader.heartbeat();
        assertThat(sink.ended).isFalse();

        clock.pass(Duration.ofHours(3));
        reader.heartbeat();

        assertThat(sink.sequences).containsExactly(0L, 1L, 2L);
        assertThat(sink.controls.getLast()).isEqualTo("retry: 500\n\n");
        assertThat(sink.ended).isTrue();
        assertThat(done).hasValue(1);
        assertThat(meters.get(EdgeMetrics.ROTATED).counter().count()).isOne();
    }

    @Test
    void aReaderThatLeftIsWokenForNothing() {
        append(0, 1);
        log.startTailAtEnd(window);
        var reader = reader(ID, 0);
        reader.start();
        settle();
        reader.disconnected();
        reader.disconnected();
        append(1, 3);
        log.tailAll(window);
        settle();

        assertThat(sink.sequences).containsExactly(0L);
        assertThat(done).hasValue(1);
        assertThat(inState("live")).isZero();
    }
}
