package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.Objects.requireNonNull;

import io.tidemark.projector.SampleStream;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Response;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;

final class OpenStreamsTest {
    private static final Attempt FIRST = new Attempt(0, 1);

    private final KeyValueStore<byte[], byte[]> progressStore = store(ProjectorStores.PROGRESS);
    private final KeyValueStore<byte[], byte[]> pieces = store(ProjectorStores.PIECES);
    private final CommitWatch commits = new CommitWatch();
    private final SampleStream stream = SampleStream.of(0, 1, 400);
    private OpenStreams open = openStreams();

    @Test
    void writesNothingAgainThatWasCommitted() {
        var progress = append(stream, Progress.NONE, 0, 99);
        commit(stream, progress);
        byte[] committed = lastPiece(progress);

        var after = append(stream, progress, 100, 199);

        assertThat(after.pieces()).isEqualTo(progress.pieces() + 1);
        assertThat(lastPiece(progress)).isEqualTo(committed);
        assertFoldsTo(stream, after, 199);
    }

    @Test
    void writesASmallPieceAgainRatherThanBeginAnother() {
        var progress = append(stream, Progress.NONE, 0, 99);
        for (int event = 100; event < 140; event++) {
            commit(stream, progress);
            progress = append(stream, progress, event, event);
        }

        assertThat(progress.pieces()).isLessThan(10);
        assertFoldsTo(stream, progress, 139);
    }

    @Test
    void endsAPieceThatIsFull() {
        var progress = append(stream, Progress.NONE, 0, stream.last());

        assertThat(progress.pieces()).isBetween(1, 3);
        assertThat(lastPiece(progress)).hasSizeLessThan(2 * OpenPiece.BYTES_MAX);
        assertFoldsTo(stream, progress, stream.last());
    }

    @Test
    void goesOnAfterARestartAnywhere() {
        var progress = Progress.NONE;
        for (int event = 0; event < 300; event++) {
            if (event % 7 == 0) {
                open = openStreams();
            }
            progress = append(stream, requireNonNull(known(stream, progress)), event, event);
        }

        assertFoldsTo(stream, progress, 299);
    }

    @Test
    void goesOnBehindAGapAndAFence() {
        var progress = append(stream, Progress.NONE, 0, 9);
        open = openStreams();
        progress = append(stream, progress, 15, 30);
        progress = progress.fenced(new Attempt(4, 2), 5);
        open.save(stream.id(), progress);
        progress = open.append(stream.id(), progress, event(stream, 40, new Attempt(4, 2)));

        assertThat(open.assemble(stream.id(), progress).response())
                .get()
                .returns(40L, Response::lastSequence);
        assertThat(progress.missing()).isEqualTo(5 + 9);
    }

    @Test
    void keepsMoreStreamsApartThanItHasInMemory() {
        int count = OpenStreams.IN_MEMORY_MAX + 500;
        var all = new HashMap<SampleStream, Progress>();
        var streams = new ArrayList<SampleStream>();
        for (int number = 0; number < count; number++) {
            streams.add(SampleStream.of(0, number, 12));
        }
        for (long sequence = 0; sequence < 14; sequence++) {
            for (var each : streams) {
                var before = all.getOrDefault(each, Progress.NONE);
                all.put(each, append(each, before, sequence, sequence));
            }
        }

        assertThat(all).hasSize(count);
        assertThat(all).allSatisfy((each, progress) -> assertFoldsTo(each, progress, 13));
        assertThat(all.values()).extracting(Progress::pieces).allMatch(number -> number <= 6);
        assertThat(open.count()).isEqualTo(new OpenStreams.Count(count, 0));
    }

    @Test
    void goesOnWithAStreamThatAProjectorBeforeThisOneHasBegun() {
        var before = written(100);
        open.save(stream.id(), before);

        var progress = append(stream, before, 100, stream.last());

        assertFoldsTo(stream, progress, stream.last());
        assertThat(open.drop(stream.id())).isEqualTo(progress);
        assertThat(pieces.all()).isExhausted();
        assertThat(progressStore.all()).isExhausted();
    }

    @Test
    void saysWhichStreamIsNotWhole() {
        var progress = append(stream, Progress.NONE, 0, 99);
        pieces.delete(Piece.key(stream.id(), 0));

        assertThatThrownBy(() -> open.assemble(stream.id(), progress))
                .hasMessage("stored state of stream " + stream.id() + " is incomplete");
    }

    @Test
    void forgetsAllThereIsOfAStream() {
        var progress = append(stream, Progress.NONE, 0, stream.last());

        assertThat(open.drop(stream.id())).isEqualTo(progress);

        assertThat(pieces.all()).isExhausted();
        assertThat(open.find(stream.id())).isNull();
        assertThat(open.drop(stream.id())).isNull();
    }

    /* As version 1 of a piece has it: 10 events in each. */
    private Progress written(int events) {
        for (int number = 0; number < events / 10; number++) {
            var piece = new ByteSink().put(VerbatimPiece.VERSION);
            piece.put(ByteBuffer.allocate(8).putLong(number * 10L).array());
            for (int event = number * 10; event < number * 10 + 10; event++) {
                byte[] json = stream.record(event, 1).value();
                piece.put(ByteBuffer.allocate(8).putInt(1).putInt(json.length).array()).put(json);
            }
            pieces.put(VerbatimPiece.key(stream.id(), number), piece.toArray());
        }
        byte[] progress =
                ByteBuffer.allocate(66)
                        .put((byte) 2)
                        .put((byte) 0)
                        .putLong(0)
                        .putInt(1)
                        .putInt(events / 10)
                        .putLong(events)
                        .putLong(0)
                        .putLong(0)
                        .putLong(events - 1L)
                        .putLong(0)
                        .putLong(0)
                        .array();
        return Progress.decode(progress);
    }

    private void assertFoldsTo(SampleStream each, Progress progress, long last) {
        var assembly = open.assemble(each.id(), progress);
        assertThat(assembly.events()).isEqualTo(last + 1);
        assertThat(assembly.unreadable()).isZero();
        assertThat(assembly.response()).get().returns(last, Response::lastSequence);
    }

    private Progress known(SampleStream each, Progress fallback) {
        var found = open.find(each.id());
        return found == null ? fallback : found;
    }

    private Progress append(SampleStream each, Progress before, long first, long last) {
        var progress = before;
        for (long sequence = first; sequence <= last; sequence++) {
            progress = open.append(each.id(), progress, event(each, sequence, FIRST));
        }
        return progress;
    }

    private static AcceptedEvent event(SampleStream each, long sequence, Attempt attempt) {
        return new AcceptedEvent(
                attempt,
                sequence,
                sequence == each.last(),
                sequence,
                sequence,
                each.record(sequence, attempt.number()).value());
    }

    private void commit(SampleStream each, Progress progress) {
        commits.written(Piece.key(each.id(), progress.pieces() - 1L));
    }

    private byte[] lastPiece(Progress progress) {
        return requireNonNull(pieces.get(Piece.key(stream.id(), progress.pieces() - 1L)));
    }

    private OpenStreams openStreams() {
        return new OpenStreams(progressStore, pieces, commits);
    }

    private static KeyValueStore<byte[], byte[]> store(String name) {
        var store =
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(name),
                                Serdes.ByteArray(),
                                Serdes.ByteArray())
                        .withLoggingDisabled()
                        .withCachingDisabled()
                        .build();
        store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
        return store;
    }
}
