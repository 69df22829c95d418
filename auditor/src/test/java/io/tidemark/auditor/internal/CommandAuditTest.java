package io.tidemark.auditor.internal;

import static io.tidemark.auditor.internal.StreamWriter.BEGAN_AT;
import static io.tidemark.auditor.internal.StreamWriter.PARTITION;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.auditor.AuditFailedException;
import io.tidemark.auditor.AuditLimits;
import io.tidemark.auditor.Count;
import io.tidemark.auditor.ViolationCode;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command.Done;
import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.Command.OpenStream;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.Scope;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

class CommandAuditTest {
    private static final StreamId UNKNOWN = StreamWriter.id(PARTITION, 99);
    private static final long AHEAD_MAX = Duration.ofMinutes(1).toMillis();

    private final StreamWriter takenOver = StreamWriter.takenOver(1);
    private final StreamWriter plain = StreamWriter.plain(2);
    private final WrittenPartition log = WrittenPartition.of(takenOver, plain).project();

    private void command(ProducerRecord<byte[], byte[]> record) {
        WrittenPartition.append(log.commands, record);
    }

    /* When the log takes the next command. */
    private long now() {
        var last = log.commands.getLast();
        return last.record().timestamp() + 10;
    }

    @Test
    void whatAZombieSaysIsDoneBehindALaterClaimIsCountedAndNotBelieved() {
        command(StreamWriter.claimOf(PARTITION));
        command(StreamWriter.doneOf(plain.id(), 1, 4));
        command(StreamWriter.doneOf(UNKNOWN, 1, 4));

        var report = log.audit();

        assertThat(report.violations()).isEmpty();
        assertThat(report.count(Count.OUTRANKED)).isEqualTo(2);
    }

    @Test
    void anEndThatOnlyAnOutrankedOwnerHasSaidIsSaidByNobody() {
        log.commands.removeLast();
        command(StreamWriter.claimOf(PARTITION));
        command(StreamWriter.doneOf(plain.id(), 1, 9));

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.DONE_MISSING, 1L));
        log.closed = false;
        assertThat(log.violations()).isEmpty();
    }

    @Test
    void anEndWhoseStartRetentionHasRemovedNeedsNoDone() {
        log.commands.subList(0, 2).clear();
        log.commands.remove(WrittenPartition.indexOf(log.commands, takenOver.id()));

        assertThat(log.violations()).isEmpty();
    }

    @Test
    void aClaimUnderAnotherKeyOutranksNobody() {
        var claim = StreamWriter.claimOf(PARTITION);
        command(new ProducerRecord<>(claim.topic(), plain.id().key(), claim.value()));
        command(StreamWriter.doneOf(plain.id(), 1, 4));

        var report = log.audit();

        assertThat(report.count(Count.OUTRANKED)).isZero();
        assertThat(report.violationsByCode())
                .isEqualTo(
                        Map.of(
                                ViolationCode.KEY_MISMATCH, 1L,
                                ViolationCode.DONE_MISMATCH, 1L));
    }

    @Test
    void aLeaseUnderAnotherKeyIsMisrouted() {
        var lease = new Lease(PARTITION, BEGAN_AT, "worker-1", null, List.of());
        command(
                new ProducerRecord<>(
                        "tidemark.commands", plain.id().key(), CommandCodec.encode(lease)));

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.KEY_MISMATCH, 1L));
    }

    @Test
    void anEpochThatIsNoEarlierOffsetIsMalformedAndVouchesForNothing() {
        log.commands.removeLast();
        long next = log.commands.getLast().offset() + 10;
        command(CommandCodec.record("tidemark.commands", doneUnder(next)));
        var open = new OpenStream(plain.id(), new Attempt(next + 10, 1), 3, 2);
        var lease = new Lease(PARTITION, BEGAN_AT, "worker-1", null, List.of(open));
        command(CommandCodec.record("tidemark.commands", lease));

        assertThat(log.violations())
                .isEqualTo(
                        Map.of(
                                ViolationCode.MALFORMED, 2L,
                                ViolationCode.DONE_MISSING, 1L));
    }

    private Done doneUnder(long epoch) {
        return new Done(plain.id(), BEGAN_AT, "worker-1", new Attempt(epoch, 1), 9);
    }

    @Test
    void anEpochOfTheBeginningIsExemptOnlyIfTheBeginningWasNotRead() {
        log.commands.removeFirst();
        assertThat(log.violations()).isEmpty();

        var noClaim = new Lease(PARTITION, BEGAN_AT, "worker-1", null, List.of());
        log.commands.addFirst(
                WrittenPartition.placed(0, CommandCodec.record("tidemark.commands", noClaim)));
        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.EPOCH_UNCLAIMED, 1L));
    }

    @Test
    void anEpochBehindTheLastCommandIsAClaimThatMayHaveComeUnlessNothingIsInFlight() {
        log.append(StreamWriter.fenceOf(plain.id(), log.commands.getLast().offset() + 1));

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.EPOCH_UNCLAIMED, 1L));
        log.closed = false;
        assertThat(log.violations()).isEmpty();
    }

    @Test
    void whatIsSaidOfStreamsThatAreNotThereCountsAgainstTheLimit() {
        log.limits = new AuditLimits(3, 1 << 20, 100);
        command(StreamWriter.startOf(UNKNOWN));
        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.NEVER_STARTED, 1L));

        command(StreamWriter.doneOf(StreamWriter.id(PARTITION, 98), 1, 4));
        assertThatThrownBy(log::audit)
                .isInstanceOf(AuditFailedException.class)
                .hasMessageContaining("partition 3 of tidemark.commands has more than 3 streams");
    }

    @Test
    void aZombiesDoneRecordDoesNotVouchForAStreamWithoutAnEnd() {
        var cutOff = new StreamWriter(UNKNOWN).start();
        cutOff.records().forEach(log::append);
        command(StreamWriter.startOf(UNKNOWN));
        command(StreamWriter.claimOf(PARTITION));
        command(StreamWriter.doneOf(UNKNOWN, 1, 4));

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.NEVER_ENDED, 1L));
    }

    @Test
    void aClaimOfAnotherPartitionOutranksNobody() {
        command(StreamWriter.claimOf(PARTITION + 1));
        command(StreamWriter.doneOf(plain.id(), 1, 4));

        var report = log.audit();

        assertThat(report.count(Count.OUTRANKED)).isZero();
        assertThat(report.violationsByCode())
                .isEqualTo(
                        Map.of(
                                ViolationCode.WRONG_PARTITION, 1L,
                                ViolationCode.DONE_MISMATCH, 1L));
    }

    @Test
    void aClaimOfAnotherPartitionIsNoEpochToWriteUnder() {
        command(StreamWriter.claimOf(PARTITION + 1));
        long epoch = log.commands.getLast().offset();
        log.append(StreamWriter.fenceOf(plain.id(), epoch));

        assertThat(log.violations())
                .isEqualTo(
                        Map.of(
                                ViolationCode.WRONG_PARTITION, 1L,
                                ViolationCode.EPOCH_UNCLAIMED, 1L));
    }

    @Test
    void aLeaseOnAnotherPartitionThanItNamesIsMisrouted() {
        var lease = new Lease(PARTITION + 1, BEGAN_AT, "worker-1", null, List.of());
        command(CommandCodec.record("tidemark.commands", lease));

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.WRONG_PARTITION, 1L));
        log.scope = new Scope.One(plain.id());
        assertThat(log.violations()).isEmpty();
    }

    @Test
    void aStartWhoseIdIsAheadOfTheLogByMoreThanAMinuteNeedsNoStream() {
        command(StreamWriter.startOf(StreamWriter.id(PARTITION, 99, now() + AHEAD_MAX + 1)));

        var report = log.audit();

        assertThat(report.violations()).isEmpty();
        assertThat(report.count(Count.AHEAD)).isEqualTo(1);
    }

    @Test
    void aStartThatSaysItIsFromTheFutureNeedsNoStream() {
        command(StreamWriter.startOf(UNKNOWN, now() + AHEAD_MAX + 1));

        var report = log.audit();

        assertThat(report.violations()).isEmpty();
        assertThat(report.count(Count.AHEAD)).isEqualTo(1);
    }

    @Test
    void aStartThatIsNotSoFarAheadNeedsOne() {
        long latest = now() + AHEAD_MAX;
        command(StreamWriter.startOf(StreamWriter.id(PARTITION, 99, latest), latest));

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.NEVER_STARTED, 1L));
    }

    /* No worker sets it aside either: its clock may be anybody's. */
    @Test
    void aTimeThatTheBrokerDidNotGiveIsNoMeasure() {
        var start = StreamWriter.startOf(UNKNOWN, now() + AHEAD_MAX + 1);
        command(
                new ProducerRecord<>(
                        start.topic(), start.partition(), BEGAN_AT, start.key(), start.value()));

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.NEVER_STARTED, 1L));
    }

    @Test
    void ofTwoStartsOfAnIdOnlyTheFirstNeedsAStream() {
        command(StreamWriter.startOf(plain.id()));
        command(StreamWriter.startOf(UNKNOWN));
        command(StreamWriter.startOf(UNKNOWN));

        var report = log.audit();

        assertThat(report.violationsByCode()).isEqualTo(Map.of(ViolationCode.NEVER_STARTED, 1L));
    }

    @Test
    void aStartBehindOneThatWasAheadIsTheFirstThatCounts() {
        command(StreamWriter.startOf(UNKNOWN, now() + AHEAD_MAX + 1));
        command(StreamWriter.startOf(UNKNOWN));

        var report = log.audit();

        assertThat(report.count(Count.AHEAD)).isEqualTo(1);
        assertThat(report.violationsByCode()).isEqualTo(Map.of(ViolationCode.NEVER_STARTED, 1L));
    }

    @Test
    void aMisroutedStartIsReportedAsThatAlone() {
        command(StreamWriter.startOf(StreamWriter.id(PARTITION + 1, 99)));
        var start = StreamWriter.startOf(UNKNOWN);
        command(new ProducerRecord<>(start.topic(), plain.id().key(), start.value()));

        assertThat(log.violations())
                .isEqualTo(
                        Map.of(
                                ViolationCode.WRONG_PARTITION, 1L,
                                ViolationCode.KEY_MISMATCH, 1L));
    }
}
