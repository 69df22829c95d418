package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class OwnedPartitionTest extends OwnedPartitionHarness {
    @Test
    void readsNothingBeforeItsClaimIsInTheLog() {
        var partition = unclaimed(5);
        assertThat(partition.paused()).isTrue();
        assertThat(partition.take(start(5))).isFalse();

        partition.claim();
        assertThat(partition.paused()).isTrue();
        told().run();

        assertThat(partition.paused()).isFalse();
        assertThat(producer.history().getLast())
                .satisfies(claim -> assertThat(claim.partition()).isZero())
                .extracting(claim -> CommandCodec.decode(claim.value()))
                .isInstanceOf(Command.Claim.class);
    }

    @Test
    void takesAStartBehindItsClaimForItsOwn() {
        var partition = partition(5, 6);
        assertThat(partition.take(claim(6))).isTrue();

        assertThat(partition.take(start(7))).isTrue();

        assertThat(partition.runs())
                .singleElement()
                .extracting(run -> run.open().authority())
                .isEqualTo(Attempt.first(6));
    }

    @Test
    void takesNothingBehindTheClaimOfAnother() {
        var partition = partition(5, 5);
        assertThat(partition.take(claim(5))).isTrue();
        assertThat(partition.isOutranked()).isFalse();

        assertThat(partition.take(claim(6))).isFalse();

        assertThat(partition.isOutranked()).isTrue();
        assertThat(partition.paused()).isTrue();
        assertThat(partition.take(start(7))).isFalse();
        assertThat(partition.runs()).isEmpty();
        assertThat(partition.watermark()).isEqualTo(6);
    }

    @Test
    void passesAStartWithItsWatermarkWhenItReadsItsOwnDoneRecord() {
        var partition = partition(5, 5);
        partition.take(claim(5));
        partition.take(start(6));
        told().run();
        assertThat(partition.watermark()).isEqualTo(6);

        partition.take(done(7, 5));

        assertThat(partition.watermark()).isEqualTo(8);
    }

    /* What it says has ended may have been ended for nobody but itself. */
    @Test
    void doesNotPassAStartForTheDoneRecordOfAnOwnerBefore() {
        var partition = partition(5, 9);
        partition.take(claim(5));
        partition.take(start(6));
        var open = List.of(new Command.OpenStream(id, Attempt.first(5), 0, -1));
        partition.take(at(7, new Command.Lease(0, 0, "w", 6000L, open)));
        partition.take(claim(9));
        partition.reached(10);

        partition.take(done(10, 5));

        assertThat(partition.watermark()).isEqualTo(6);
        partition.tend();
        assertThatThrownBy(told()::run)
                .as("it is taken over at once")
                .isInstanceOf(StackOverflowError.class);
    }

    @Test
    void letsGoOfARunThatFailedAndKeepsItsPlaceInTheLog() {
        var partition = partition(5, 5);
        partition.take(claim(5));
        assertThat(partition.take(start(6))).isTrue();
        assertThat(partition.take(start(7))).isTrue();

        told().run();

        assertThat(partition.runs()).isEmpty();
        assertThat(partition.vouched().lease()).isEmpty();
        assertThat(partition.watermark()).isEqualTo(6);
        assertThat(partition.take(start(8))).isTrue();
        assertThat(partition.runs()).isEmpty();
    }

    @Test
    void setsASecondStartAsideWhetherTheFirstIsOpenOrHasEnded() {
        var partition = partition(5, 5);
        partition.take(claim(5));
        assertThat(partition.take(start(6))).isTrue();
        assertThat(partition.take(start(7))).isTrue();
        told().run();
        assertThat(partition.take(start(8))).isTrue();

        assertThat(letters.awaitOffsets(2)).containsExactly(7L, 8L);
        assertThat(letters.reasons()).containsOnly("duplicate");
    }

    @Test
    void setsASecondStartOfTheBacklogAsideAndTakesTheFirstOver() {
        var partition = partition(0, 2);
        assertThat(partition.take(start(0))).isTrue();
        assertThat(partition.take(start(1))).isTrue();
        partition.take(claim(2));
        partition.reached(3);

        assertThat(letters.awaitOffsets(1)).containsExactly(1L);
        assertThat(partition.watermark()).isZero();
    }

    @Test
    void setsNothingAsideOnceThePartitionIsSomebodyElses() {
        var partition = partition(5, 5);
        partition.take(claim(5));
        assertThat(partition.take(start(6))).isTrue();
        var departed = partition.depart();

        departed.take(poison(7));

        assertThat(letters.counted()).isZero();
    }

    /* Hours of commands may lie between, and a cancel behind them is seen late. */
    @Test
    void aPartitionThatWasLetGoIsReadFromWhereWeHadCome() {
        var partition = partition(5, 5);
        partition.take(claim(5));
        partition.take(start(6));
        told().run();
        partition.take(at(7, new Command.Cancel(TestStreams.mint(), 0)));

        assertThat(partition.watermark()).isEqualTo(6);
        assertThat(partition.depart().from()).isEqualTo(8);
    }

    /* Its owner may be gone before the rest fits: then the next one would pass by what is skipped. */
    @Test
    void setsAsideInOrderWhatLiesBehindABacklogThatDidNotFit() {
        var partition = unclaimed(0, backlogOf(1), _ -> {});
        for (int i = 0; i < 4; i++) {
            var _ = producer.send(new ProducerRecord<>(TOPIC, 0, new byte[0], new byte[0]));
        }
        partition.claim();
        told().run();
        var second = TestStreams.start(TestStreams.mint());
        partition.take(start(0));
        partition.take(at(1, lease(id)));
        partition.take(at(2, second));
        partition.take(at(3, second));
        partition.take(poison(4));
        partition.take(claim(5));
        assertThat(letters.counted()).isZero();

        partition.reached(6);
        partition.take(at(2, second));
        partition.take(at(3, second));
        partition.take(poison(4));

        assertThat(letters.awaitOffsets(2)).containsExactly(3L, 4L);
        assertThat(letters.counted()).isEqualTo(2);
    }

    @Test
    void theWatermarkDoesNotPassWhatIsNotSetAsideYet() {
        letters.hold();
        var partition = partition(5, 5);
        partition.take(claim(5));
        assertThat(partition.take(poison(6))).isTrue();

        assertThat(partition.watermark()).isEqualTo(6);

        letters.acknowledge();
        await().atMost(Duration.ofSeconds(10)).until(() -> partition.watermark() == 7);
    }

    /* A commit that passes it would leave it to nobody. */
    @Test
    void theWatermarkOfAnOutrankedPartitionDoesNotPassWhatIsNotSetAsideYet() {
        letters.hold();
        var partition = partition(5, 5);
        partition.take(claim(5));
        partition.take(poison(6));
        assertThat(partition.take(claim(7))).isFalse();

        assertThat(partition.isOutranked()).isTrue();
        assertThat(partition.watermark()).isEqualTo(6);
        assertThat(partition.depart().from()).isEqualTo(7);
    }

    /* They hold leases, so nobody reads their starts again, and with them what is behind. */
    @Test
    void readsOnBehindABacklogThatWasFullOfLeasedStreams() {
        var sought = new ArrayList<Long>();
        var partition = unclaimed(0, backlogOf(1), sought::add);
        for (int i = 0; i < 4; i++) {
            var _ = producer.send(new ProducerRecord<>(TOPIC, 0, new byte[0], new byte[0]));
        }
        partition.claim();
        told().run();
        var second = TestStreams.mint();
        var lease =
                new Command.Lease(
                        0,
                        0,
                        "w",
                        6000L,
                        List.of(new Command.OpenStream(id, Attempt.first(0), 0, -1)));
        partition.take(start(0));
        partition.take(at(1, TestStreams.start(second)));
        partition.take(at(2, lease));
        partition.take(claim(4));

        partition.reached(5);

        assertThat(sought).containsExactly(1L);
        partition.take(at(1, TestStreams.start(second)));
        partition.take(at(2, lease));
        partition.take(claim(4));
        partition.reached(5);
        assertThat(partition.watermark()).isZero();
        assertThatThrownBy(told()::run)
                .as("the second is taken over")
                .isInstanceOf(StackOverflowError.class);
    }
}
