package io.tidemark.auditor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.auditor.ReplayVerdict;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import java.util.Random;

class ReplayPropertyTest {
    private static final int STREAMS = 3;
    private static final int CASES = 50;

    @Test
    void validStreamsAreEqualWhateverWorkersTookOver() {
        Seeds.forEach(
                CASES,
                random -> {
                    var replay =
                            new WrittenReplay(new RandomStreams(random).partition(STREAMS)).run();

                    assertThat(replay.told()).isEqualTo(STREAMS);
                    for (int i = 0; i < STREAMS; i++) {
                        assertThat(replay.verdict(id(i))).isEqualTo(ReplayVerdict.EQUAL);
                    }
                });
    }

    @Test
    void aByteThatIsChangedInOneResultIsFoundThereAndNowhereElse() {
        Seeds.forEach(
                CASES,
                random -> {
                    var log = new RandomStreams(random).partition(STREAMS);
                    int damaged = random.nextInt(STREAMS);
                    var kind = random.nextBoolean() ? ResultKind.RESPONSE : ResultKind.USAGE;
                    flip(log, kind, id(damaged), random);

                    var replay = new WrittenReplay(log).run();

                    for (int i = 0; i < STREAMS; i++) {
                        assertThat(replay.verdict(id(i)))
                                .isEqualTo(
                                        i == damaged ? ReplayVerdict.DIFFERS : ReplayVerdict.EQUAL);
                    }
                    assertThat(replay.differences(id(damaged)))
                            .isNotEmpty()
                            .allMatch(
                                    it -> it.contains(kind.topic(WrittenPartition.TOPICS).name()));
                });
    }

    private static StreamId id(int number) {
        return StreamWriter.id(StreamWriter.PARTITION, number);
    }

    /* What a stream cost stands at the end of its row, and does not count. */
    private static int compared(ResultKind kind, byte[] value) {
        return FoldedResults.compared(kind, value).length - 1;
    }

    private static void flip(WrittenPartition log, ResultKind kind, StreamId id, Random random) {
        int index = WrittenPartition.indexOf(log.results(kind), id);
        var record = log.results(kind).get(index).record();
        var value = record.value().clone();
        value[random.nextInt(compared(kind, value))] ^= 1;
        WrittenPartition.replace(
                log.results(kind),
                index,
                new ProducerRecord<>(
                        record.topic(),
                        record.partition(),
                        record.timestamp(),
                        record.key(),
                        value,
                        record.headers()));
    }
}
