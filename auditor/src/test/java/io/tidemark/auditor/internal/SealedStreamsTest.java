package io.tidemark.auditor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.auditor.Count;
import io.tidemark.auditor.ReplayVerdict;
import io.tidemark.auditor.ViolationCode;
import io.tidemark.seal.DataKey;
import io.tidemark.seal.Found;
import io.tidemark.seal.Opener;
import io.tidemark.seal.SealCounts;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Streams that are sealed, as those see them who have the keys, and those who have not. */
final class SealedStreamsTest {
    private final StreamWriter takenOver = StreamWriter.takenOver(1);
    private final StreamWriter plain = StreamWriter.plain(2);
    private final DataKey key = DataKey.of(takenOver.id(), new Random(1));
    private final WrittenPartition log = WrittenPartition.of(takenOver, plain).project();

    private static Opener with(DataKey key) {
        return new Opener(_ -> new Found.Key(key), new SealCounts());
    }

    private void rewriteRow() {
        var rows = log.results(ResultKind.USAGE);
        int index = WrittenPartition.indexOf(rows, takenOver.id());
        var row = WrittenPartition.copy(rows.get(index));
        var changed =
                new String(row.value(), StandardCharsets.UTF_8)
                        .replace("\"input\":9", "\"input\":8");
        WrittenPartition.replace(rows, index, withValue(row, changed));
    }

    private static ProducerRecord<byte[], byte[]> withValue(
            ProducerRecord<byte[], byte[]> record, String value) {
        return new ProducerRecord<>(
                record.topic(),
                record.partition(),
                record.timestamp(),
                record.key(),
                value.getBytes(StandardCharsets.UTF_8),
                record.headers());
    }

    @Test
    void withItsKeyEverythingIsCompared() {
        log.seal(key);
        log.opener = with(key);

        var report = log.audit();

        assertThat(report.violationsByCode()).isEmpty();
        assertThat(report.count(Count.SEALED)).isZero();
        assertThat(new WrittenReplay(log).run().verdict(takenOver.id()))
                .isEqualTo(ReplayVerdict.EQUAL);
    }

    @Test
    void withoutItsKeyItIsCountedAndNoViolation() {
        log.seal(key);

        var report = log.audit();

        assertThat(report.violationsByCode()).isEmpty();
        assertThat(report.count(Count.SEALED)).isEqualTo(1);
        assertThat(report.count(Count.NOT_COMPARED)).isZero();
        var replay = new WrittenReplay(log).run();
        assertThat(replay.verdict(takenOver.id())).isEqualTo(ReplayVerdict.SEALED);
        assertThat(replay.verdict(plain.id())).isEqualTo(ReplayVerdict.EQUAL);
    }

    @Test
    void withoutItsKeyTheLedgerRowIsComparedAllTheSame() {
        log.seal(key);
        rewriteRow();

        assertThat(log.violations()).containsOnlyKeys(ViolationCode.USAGE_MISMATCH);
        assertThat(new WrittenReplay(log).run().verdict(takenOver.id()))
                .isEqualTo(ReplayVerdict.DIFFERS);
    }

    @Test
    void withoutItsKeyItsSequencesAreCheckedAllTheSame() {
        log.seal(key);
        log.events.remove((int) log.accepted(takenOver.id()).get(3));

        assertThat(log.violations()).containsKey(ViolationCode.SEQUENCE_GAP);
    }

    @Test
    void anErasedOneIsErasedWhetherItIsSealedOrNot() {
        log.seal(key);
        log.erase(takenOver.id());

        var report = log.audit();

        assertThat(report.violationsByCode()).isEmpty();
        assertThat(report.count(Count.ERASED)).isEqualTo(1);
        assertThat(report.count(Count.SEALED)).isZero();
    }
}
