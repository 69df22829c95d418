package io.tidemark.auditor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.auditor.AuditFailedException;
import io.tidemark.auditor.AuditLimits;
import io.tidemark.auditor.ReplayVerdict;
import io.tidemark.schemas.ResponseCodec;
import io.tidemark.schemas.Scope;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;

class PartitionReplayTest {
    private static final Instant BEGAN = Instant.ofEpochMilli(StreamWriter.BEGAN_AT);
    private static final String RESPONSES = WrittenPartition.TOPICS.responses().name();
    private static final String USAGE = WrittenPartition.TOPICS.usage().name();

    private final StreamWriter takenOver = StreamWriter.takenOver(1);
    private final StreamWriter plain = StreamWriter.plain(2);
    private final WrittenPartition log = WrittenPartition.of(takenOver, plain);
    private final WrittenReplay replay = new WrittenReplay(log);

    @Test
    void whatTheProjectorLeftIsEqualAndNothingIsReadAgain() {
        log.project();

        replay.run();

        assertThat(replay.verdict(takenOver.id())).isEqualTo(ReplayVerdict.EQUAL);
        assertThat(replay.verdict(plain.id())).isEqualTo(ReplayVerdict.EQUAL);
        assertThat(replay.differences(plain.id())).isEmpty();
        assertThat(replay.readAgain).isZero();
    }

    @Test
    void anAlteredResponseDiffersWhereItWasAltered() {
        log.project();
        rewrite(ResultKind.RESPONSE, plain.id(), "Twice a day", "Once a day");

        replay.run();

        assertThat(replay.verdict(plain.id())).isEqualTo(ReplayVerdict.DIFFERS);
        assertThat(replay.differences(plain.id()))
                .containsExactly("changed " + RESPONSES + "/items/0/content/0/text");
        assertThat(replay.verdict(takenOver.id())).isEqualTo(ReplayVerdict.EQUAL);
    }

    @Test
    void theLatestResponseIsTheOneThatCounts() {
        log.project();
        var whole = log.results(ResultKind.RESPONSE).get(index(ResultKind.RESPONSE, plain.id()));
        rewrite(ResultKind.RESPONSE, plain.id(), "Twice a day", "Once a day");
        WrittenPartition.append(log.results(ResultKind.RESPONSE), WrittenPartition.copy(whole));

        assertThat(replay.run().verdict(plain.id())).isEqualTo(ReplayVerdict.EQUAL);
    }

    @Test
    void aSecondLedgerRowIsOneTooMany() {
        log.project();
        var row = log.results(ResultKind.USAGE).get(index(ResultKind.USAGE, plain.id()));
        WrittenPartition.append(log.results(ResultKind.USAGE), WrittenPartition.copy(row));

        replay.run();

        assertThat(replay.verdict(plain.id())).isEqualTo(ReplayVerdict.DIFFERS);
        assertThat(replay.differences(plain.id())).containsExactly("repeated " + USAGE);
    }

    @Test
    void whatAStreamCostDoesNotCount() {
        log.project();
        rewrite(ResultKind.USAGE, plain.id(), "\"cost\":.\"amount\":\"", "$099");
        rewrite(ResultKind.USAGE, takenOver.id(), ",\"cost\":.*", "}");

        replay.run();

        assertThat(replay.verdict(plain.id())).isEqualTo(ReplayVerdict.EQUAL);
        assertThat(replay.verdict(takenOver.id())).isEqualTo(ReplayVerdict.EQUAL);
    }

    @Test
    void besidesWhatItCostTheRowCounts() {
        log.project();
        rewrite(ResultKind.USAGE, plain.id(), "\"attempts\":1", "\"attempts\":3");

        replay.run();

        assertThat(replay.differences(plain.id()))
                .containsExactly("changed " + USAGE + "/attempts");
    }

    @Test
    void whatIsNotThereIsMissing() {
        log.project();
        remove(ResultKind.USAGE, plain.id());

        replay.run();

        assertThat(replay.verdict(plain.id())).isEqualTo(ReplayVerdict.MISSING);
        assertThat(replay.differences(plain.id())).containsExactly("missing " + USAGE);
    }

    @Test
    void whatWasErasedHasNoResponseAndIsNotPrinted() {
        log.project();
        log.erase(plain.id());
        replay.printing = true;

        replay.run();

        assertThat(replay.verdict(plain.id())).isEqualTo(ReplayVerdict.ERASED);
        assertThat(replay.differences(plain.id())).isEmpty();
        assertThat(replay.printed).hasSize(1);
        assertThat(replay.verdict(takenOver.id())).isEqualTo(ReplayVerdict.EQUAL);
    }

    @Test
    void theRowOfAnErasedStreamStillCounts() {
        log.project();
        log.erase(plain.id());
        rewrite(ResultKind.USAGE, plain.id(), "\"attempts\":1", "\"attempts\":3");

        replay.run();

        assertThat(replay.differences(plain.id()))
                .containsExactly("changed " + USAGE + "/attempts");
    }

    @Test
    void anErasureThatNobodyHasHeededYetIsNoDifference() {
        log.project();
        WrittenPartition.append(log.lateErasures, WrittenPartition.erasureOf(plain.id()));

        assertThat(replay.run().verdict(plain.id())).isEqualTo(ReplayVerdict.EQUAL);
    }

    @Test
    void whatATombstoneFollowsIsMissing() {
        log.project();
        WrittenPartition.append(
                log.results(ResultKind.RESPONSE),
                new ProducerRecord<>(RESPONSES, StreamWriter.PARTITION, plain.id().key(), null));

        assertThat(replay.run().differences(plain.id())).containsExactly("missing " + RESPONSES);
    }

    @Test
    void whatTheProjectorHasNotReadIsPending() {
        log.projected = log.events.getLast().offset();

        replay.run();

        assertThat(replay.verdict(plain.id())).isEqualTo(ReplayVerdict.PENDING);
        assertThat(replay.verdict(takenOver.id())).isEqualTo(ReplayVerdict.MISSING);
    }

    @Test
    void whatIsInATransactionStillIsPending() {
        log.project();
        remove(ResultKind.RESPONSE, plain.id());
        replay.unsettled.add(ResultKind.RESPONSE);

        replay.run();

        assertThat(replay.verdict(plain.id())).isEqualTo(ReplayVerdict.PENDING);
        assertThat(replay.verdict(takenOver.id())).isEqualTo(ReplayVerdict.EQUAL);
    }

    @Test
    void whatRetentionHasRemovedOfTheResultsIsExpired() {
        for (var kind : ResultKind.values()) {
            replay.horizons.put(kind, new Horizon(7, BEGAN.plusSeconds(60)));
        }

        assertThat(replay.run().verdict(plain.id())).isEqualTo(ReplayVerdict.EXPIRED);
    }

    @Test
    void aStreamWhoseBeginningIsGoneIsExpired() {
        log.project();
        long beginning = log.events.get(2).offset();
        log.events.removeIf(placed -> placed.offset() < beginning);
        log.horizon = new Horizon(beginning, BEGAN);

        replay.run();

        assertThat(replay.verdict(takenOver.id())).isEqualTo(ReplayVerdict.EXPIRED);
        assertThat(replay.verdict(plain.id())).isEqualTo(ReplayVerdict.EQUAL);
    }

    @Test
    void aStreamOfWhichNoMoreThanAFenceIsLeftIsExpired() {
        log.project();
        log.events.removeIf(placed -> WrittenPartition.isEventOf(placed, takenOver.id()));
        log.horizon = new Horizon(log.events.getFirst().offset(), BEGAN.plusSeconds(3600));

        assertThat(replay.run().verdict(takenOver.id())).isEqualTo(ReplayVerdict.EXPIRED);
    }

    @Test
    void aStreamThatIsGoneWholeIsExpiredAsLongAsItsResultsAreThere() {
        log.project();
        removeAll(takenOver.id());
        log.horizon = new Horizon(log.events.getFirst().offset(), BEGAN.plusSeconds(3600));

        assertThat(replay.run().verdict(takenOver.id())).isEqualTo(ReplayVerdict.EXPIRED);
    }

    @Test
    void aResultWithoutAnyEventShouldNotBeThere() {
        log.project();
        removeAll(takenOver.id());

        replay.run();

        assertThat(replay.verdict(takenOver.id())).isEqualTo(ReplayVerdict.DIFFERS);
        assertThat(replay.differences(takenOver.id()))
                .containsExactly("unexpected " + RESPONSES, "unexpected " + USAGE);
    }

    @Test
    void aStreamWithoutAnEndIsOpen() {
        var open = new StreamWriter(StreamWriter.id(StreamWriter.PARTITION, 9)).start().status();
        open.records().forEach(log::append);

        assertThat(replay.run().verdict(open.id())).isEqualTo(ReplayVerdict.OPEN);
    }

    @Test
    void aFenceAloneIsAnOpenStream() {
        var id = StreamWriter.id(StreamWriter.PARTITION, 9);
        log.append(StreamWriter.fenceOf(id, 0));

        assertThat(replay.run().verdict(id)).isEqualTo(ReplayVerdict.OPEN);
    }

    @Test
    void aStreamThatHasEndedSinceIsOpen() {
        var id = StreamWriter.id(StreamWriter.PARTITION, 9);
        long later = log.events.getLast().offset() + 5;
        for (var kind : ResultKind.values()) {
            WrittenPartition.append(
                    log.results(kind),
                    WrittenPartition.result(kind, id, later, later + 2, 0, new byte[2]));
        }

        assertThat(replay.run().verdict(id)).isEqualTo(ReplayVerdict.OPEN);
    }

    @Test
    void ofAStreamWithoutAStartNothingIsPublished() {
        log.events.removeIf(placed ->
                placed.offset() == log.events.get(log.accepted(plain.id()).getFirst()).offset());

        assertThat(replay.run().verdict(plain.id())).isEqualTo(ReplayVerdict.NO_RESULT);
    }

    @Test
    void ofAStreamWhoseEndCannotBeReadNothingIsPublished() {
        int last = log.accepted(plain.id()).getLast();
        var record = WrittenPartition.copy(log.events.get(last));
        var garbage =
                new ProducerRecord<>(
                        record.topic(), record.partition(), record.key(), new byte[] {1});
        record.headers().forEach(garbage.headers()::add);
        WrittenPartition.replace(log.events, last, garbage);

        assertThat(replay.run().verdict(plain.id())).isEqualTo(ReplayVerdict.NO_RESULT);
    }

    @Test
    void aStreamThatDoesNotFitIsFollowedAndNotCompared() {
        log.project();
        log.limits = new AuditLimits(1_000, 600, 100);

        replay.run();

        assertThat(replay.verdict(plain.id())).isEqualTo(ReplayVerdict.UNFOLDED);
    }

    @Test
    void moreStreamsThanTheLimitAreRefused() {
        log.limits = new AuditLimits(1, 1 << 20, 100);

        assertThatThrownBy(replay::run)
                .isInstanceOf(AuditFailedException.class)
                .hasMessageContaining("more than 1 streams");
    }

    @Test
    void streamsAskedForAreToldOfAndTheReadingStopsAtTheirEnd() {
        log.project();
        var nobody = StreamWriter.id(StreamWriter.PARTITION, 77);
        log.scope = new Scope.Several(Set.of(takenOver.id()));
        assertThat(replay.run().told()).isEqualTo(1);

        log.scope = new Scope.Several(Set.of(nobody, plain.id()));
        var second = new WrittenReplay(log).run();
        assertThat(second.verdict(nobody)).isEqualTo(ReplayVerdict.ABSENT);
        assertThat(second.verdict(plain.id())).isEqualTo(ReplayVerdict.EQUAL);
    }

    @Test
    void aRangeTakesStreamsByTheTimeInTheirIds() {
        log.project();
        log.scope = new Scope.Between(BEGAN.plusMillis(1), null);

        assertThat(replay.run().told()).isZero();
    }

    @Test
    void whatIsPrintedIsTheWholeFold() {
        log.project();
        replay.printing = true;

        replay.run();

        assertThat(replay.printed).hasSize(2);
        assertThat(ResponseCodec.decode(replay.printed.getLast()).requestId())
                .isEqualTo(plain.id());
    }

    private int index(ResultKind kind, StreamId id) {
        return WrittenPartition.indexOf(log.results(kind), id);
    }

    private void removeAll(StreamId id) {
        log.events.removeIf(placed -> Arrays.equals(placed.record().key(), id.key()));
    }

    private void remove(ResultKind kind, StreamId id) {
        log.results(kind).remove(index(kind, id));
    }

    private void rewrite(ResultKind kind, StreamId id, String from, String to) {
        int index = index(kind, id);
        var record = log.results(kind).get(index).record();
        var json = new String(record.value(), StandardCharsets.UTF_8);
        var other = json.replaceFirst(from, to);
        assertThat(other).isNotEqualTo(json);
        var changed =
                new ProducerRecord<>(
                        record.topic(),
                        record.partition(),
                        record.timestamp(),
                        record.key(),
                        other.getBytes(StandardCharsets.UTF_8),
                        record.headers());
        WrittenPartition.replace(log.results(kind), index, changed);
    }
}
