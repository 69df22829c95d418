package io.tidemark.auditor.internal;

import static io.tidemark.auditor.internal.StreamWriter.BEGAN_AT;
import static io.tidemark.auditor.internal.StreamWriter.PARTITION;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.auditor.Count;
import io.tidemark.auditor.Scope;
import io.tidemark.auditor.ViolationCode;
import io.tidemark.schemas.Command.Lease;
import io.tidemark.schemas.CommandCodec;
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

        assertThat(log.violations()).isEmpty();
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
