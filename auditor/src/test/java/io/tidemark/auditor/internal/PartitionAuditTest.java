package io.tidemark.auditor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.auditor.AuditFailedException;
import io.tidemark.auditor.AuditLimits;
import io.tidemark.auditor.Count;
import io.tidemark.auditor.Violation;
import io.tidemark.auditor.ViolationCode;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.ModelPattern;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.Price;
import io.tidemark.schemas.PriceTable;
import io.tidemark.schemas.Scope;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Instant;
import java.util.Map;

class PartitionAuditTest {
    private static final Instant BEGAN = Instant.ofEpochMilli(StreamWriter.BEGAN_AT);

    private final StreamWriter takenOver = StreamWriter.takenOver(1);
    private final StreamWriter plain = StreamWriter.plain(2);
    private final WrittenPartition log = WrittenPartition.of(takenOver, plain);

    @Test
    void whatWorkersAndProjectorWriteIsInOrder() {
        var report = log.project().audit();

        assertThat(report.violations()).isEmpty();
        assertThat(report.count(Count.STREAMS)).isEqualTo(2);
        assertThat(report.count(Count.EVENTS)).isEqualTo(20);
        assertThat(report.count(Count.FENCES)).isEqualTo(1);
        assertThat(report.count(Count.FENCED)).isEqualTo(1);
        assertThat(report.outcomes().completed()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(ViolationCode.class)
    void eachKindOfDamageIsFoundAsWhatItIs(ViolationCode code) {
        new Damage(log, takenOver).apply(code);

        var report = log.audit();

        assertThat(report.violationsByCode()).isEqualTo(Map.of(code, 1L));
        assertThat(report.violations())
                .singleElement()
                .satisfies(
                        found -> assertThat(found.partition()).isEqualTo(StreamWriter.PARTITION));
    }

    @Test
    void anErasedStreamHasARowAndNoResponse() {
        log.project().erase(takenOver.id());

        var report = log.audit();

        assertThat(report.violations()).isEmpty();
        assertThat(report.count(Count.ERASED)).isEqualTo(1);
    }

    @Test
    void anErasedStreamWithoutARowIsFound() {
        log.project().erase(takenOver.id());
        var rows = log.results(ResultKind.USAGE);
        rows.remove(WrittenPartition.indexOf(rows, takenOver.id()));

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.USAGE_MISSING, 1L));
    }

    @Test
    void aResponseThatWasErasedWhileItWasAuditedMayStandOrNot() {
        WrittenPartition.append(log.lateErasures, WrittenPartition.erasureOf(takenOver.id()));
        assertThat(log.project().violations()).isEmpty();

        var responses = log.results(ResultKind.RESPONSE);
        responses.remove(WrittenPartition.indexOf(responses, takenOver.id()));
        assertThat(log.violations()).isEmpty();
    }

    @Test
    void aResponseThatComesBackBehindItsErasureIsFound() {
        log.project();
        var responses = log.results(ResultKind.RESPONSE);
        var copy =
                WrittenPartition.copy(
                        responses.get(WrittenPartition.indexOf(responses, plain.id())));
        log.erase(plain.id());
        WrittenPartition.append(responses, copy);

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.RESPONSE_NOT_ERASED, 1L));
    }

    @Test
    void aForeignErasureIsFound() {
        log.project();
        WrittenPartition.append(
                log.lateErasures,
                new ProducerRecord<>(
                        "tidemark.erasures", plain.id().partition(), plain.id().key(), null));

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.FOREIGN_RECORD, 1L));
    }

    @Test
    void aViolationSaysWhereItIsAndWhatWasExpected() {
        new Damage(log, takenOver).apply(ViolationCode.SEQUENCE_GAP);

        assertThat(log.audit().violations())
                .containsExactly(
                        new Violation(
                                ViolationCode.SEQUENCE_GAP,
                                "tidemark.events",
                                StreamWriter.PARTITION,
                                20,
                                takenOver.id(),
                                2L,
                                "sequence 1",
                                "sequence 2"));
    }

    @ParameterizedTest
    @EnumSource(
            value = ViolationCode.class,
            names = {"USAGE_MISMATCH", "USAGE_REPEATED", "RESULT_MISPLACED"})
    void withoutPricesEverythingOfALedgerRowIsComparedButItsCost(ViolationCode code) {
        log.knownPrices = PriceTable.NONE;
        new Damage(log, takenOver).apply(code);

        assertThat(log.violations()).isEqualTo(Map.of(code, 1L));
    }

    @Test
    void withoutPricesNoCostIsWrong() {
        log.knownPrices = PriceTable.NONE;
        new Damage(log, takenOver).apply(ViolationCode.COST_MISMATCH);

        assertThat(log.violations()).isEmpty();
    }

    @Test
    void aCostByAnotherTableIsFoundInEachRow() {
        log.project().knownPrices = new PriceTable("another", WrittenPartition.PRICES.prices());

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.COST_MISMATCH, 2L));
    }

    @Test
    void aCostWhereNoPriceFitsIsFound() {
        log.project().knownPrices =
                new PriceTable(
                        "list",
                        WrittenPartition.PRICES.prices().stream()
                                .map(price ->
                                        new Price(
                                                new ModelPattern("o*"),
                                                price.provider(),
                                                price.currency(),
                                                price.validFrom(),
                                                price.rates()))
                                .toList());

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.COST_MISMATCH, 2L));
    }

    @Test
    void nothingOfWhatAModelSaidIsInAReport() {
        log.append(plain.record(1, 10, Placement.NONE, new TextDelta("secret", null)));
        log.append(
                takenOver.record(
                        2, 5, Placement.content(0, 0, null), new TextDelta("secret", null)));
        new Damage(log, takenOver).apply(ViolationCode.RESPONSE_MISMATCH);

        var report = log.audit();

        assertThat(report.violations()).hasSize(3);
        assertThat(report.toString()).doesNotContain("secret", "Twice", "rises");
    }

    @Test
    void aResultOfAStreamThatIsInFlightSaysWhatDidNotHappen() {
        log.project().events.remove((int) log.accepted(takenOver.id()).getLast());
        log.commands.remove(WrittenPartition.indexOf(log.commands, takenOver.id()));
        log.closed = false;

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.RESULT_WITHOUT_END, 2L));
    }

    @Test
    void aResultOfFencesAloneDoesSoToo() {
        log.project();
        log.events.removeIf(placed -> WrittenPartition.isEventOf(placed, takenOver.id()));
        log.commands.remove(WrittenPartition.indexOf(log.commands, takenOver.id()));
        log.closed = false;

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.RESULT_WITHOUT_END, 2L));
    }

    @Test
    void aResultOfAnEndThatCameAfterwardsIsNoViolation() {
        log.project().events.removeLast();
        log.commands.remove(WrittenPartition.indexOf(log.commands, plain.id()));
        log.closed = false;

        assertThat(log.violations()).isEmpty();
    }

    @Test
    void aStreamInFlightIsOpenAndNoViolation() {
        new Damage(log, takenOver).apply(ViolationCode.NEVER_ENDED);
        log.closed = false;

        var report = log.audit();

        assertThat(report.violations()).isEmpty();
        assertThat(report.count(Count.OPEN)).isEqualTo(1);
    }

    @Test
    void aLostEndThatWasVouchedForIsFoundInFlightToo() {
        log.project().events.remove((int) log.accepted(plain.id()).getLast());
        log.closed = false;

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.DONE_WITHOUT_END, 1L));
    }

    @Test
    void whoTakesOverAnEndedStreamMaySayDoneUnderItsOwnAttempt() {
        plain.fence().records().stream().skip(10).forEach(log::append);
        WrittenPartition.append(log.commands, StreamWriter.doneOf(plain.id(), 2, 9));

        assertThat(log.project().violations()).isEmpty();
    }

    @Test
    void whatTheProjectorHasNotReadIsPending() {
        log.projected = log.events.getLast().offset();
        log.project().results.values().forEach(topic -> topic.removeLast());

        var report = log.audit();

        assertThat(report.violations()).isEmpty();
        assertThat(report.count(Count.PENDING)).isEqualTo(1);
        assertThat(report.complete()).isFalse();
        assertThat(report.unchecked()).containsExactly(Count.PENDING);
    }

    @Test
    void ofAStreamWhoseBeginningWasRemovedTheRestIsChecked() {
        log.project().events.subList(0, 4).clear();
        log.horizon = new Horizon(40, BEGAN.plusMillis(40));

        var whole = log.audit();
        log.events.remove(2);

        assertThat(whole.violations()).isEmpty();
        assertThat(whole.count(Count.TRUNCATED)).isEqualTo(1);
        assertThat(whole.count(Count.NOT_COMPARED)).isEqualTo(1);
        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.SEQUENCE_GAP, 1L));
    }

    @Test
    void aBeginningThatRetentionCannotHaveRemovedIsMissing() {
        log.project().events.removeFirst();
        log.horizon = new Horizon(1, BEGAN.minus(Horizon.CLOCK_SKEW).minusMillis(1));

        assertThat(log.violations()).isEqualTo(Map.of(ViolationCode.START_MISSING, 1L));
    }

    @Test
    void whatIsLeftOfARemovedStreamIsCounted() {
        log.project().events.removeIf(it -> it.offset() < 120);
        log.horizon = new Horizon(120, BEGAN.plusMillis(120));

        var report = log.audit();

        assertThat(report.violations()).isEmpty();
        assertThat(report.count(Count.EXPIRED)).isEqualTo(4);
    }

    @Test
    void onlyStreamsInScopeAreAudited() {
        new Damage(log, takenOver).apply(ViolationCode.SEQUENCE_GAP);
        log.scope = new Scope.One(plain.id());

        var report = log.audit();

        assertThat(report.violations()).isEmpty();
        assertThat(report.count(Count.STREAMS)).isEqualTo(1);
    }

    @Test
    void strangersAreAuditedByTheTimeTheyWereAppended() {
        new Damage(log, takenOver).apply(ViolationCode.FOREIGN_RECORD);
        log.scope = new Scope.Between(BEGAN, BEGAN.plusSeconds(1));
        var during = log.violations();
        log.scope = new Scope.Between(BEGAN.plusSeconds(1), null);
        var later = log.violations();

        assertThat(during).isEqualTo(Map.of(ViolationCode.FOREIGN_RECORD, 1L));
        assertThat(later).isEmpty();
    }

    @Test
    void moreStreamsThanAllowedAreRefused() {
        log.limits = new AuditLimits(1, 1 << 20, 100);

        assertThatThrownBy(log::audit)
                .isInstanceOf(AuditFailedException.class)
                .hasMessageContaining("partition 3 of tidemark.events has more than 1 streams");
    }

    @Test
    void contentThatDoesNotFitIsLeftOutAndToldOf() {
        log.limits = new AuditLimits(10, 2_000, 100);

        var report = log.project().audit();

        assertThat(report.violations()).isEmpty();
        assertThat(report.count(Count.UNFOLDED)).isEqualTo(2);
        assertThat(report.complete()).isFalse();
    }

    @Test
    void violationsBeyondTheLimitAreCounted() {
        log.limits = new AuditLimits(10, 1 << 20, 2);

        log.project().results.values().forEach(topic -> topic.clear());
        var report = log.audit();

        assertThat(report.violations()).hasSize(2);
        assertThat(report.violationsTotal()).isEqualTo(4);
    }

    @Test
    void failuresAreCountedByCodesOfOursOnly() {
        for (var code : new String[] {ErrorCode.RATE_LIMITED.wire(), "secret", "another secret"}) {
            var id = StreamWriter.id(StreamWriter.PARTITION, code.hashCode());
            var failed = new Failed(code, "No.", false, null, null, null, null, null, null);
            var stream = new StreamWriter(id).start().say(Placement.NONE, failed);
            stream.records().forEach(log::append);
            log.command(stream);
        }

        assertThat(log.project().audit().outcomes().failed())
                .isEqualTo(Map.of("rate_limited", 1L, "other", 2L));
    }
}
