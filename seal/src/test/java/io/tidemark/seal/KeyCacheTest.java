package io.tidemark.seal;

import static io.tidemark.seal.Streams.RANDOM;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.WrappedKey;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** What is remembered of keys, and for how long. */
final class KeyCacheTest {
    private static final int KEYS_MAX = 4;
    private static final Found NO_KEY = new Found.Missing(Unreadable.NO_KEY);

    private final AtomicLong nanos = new AtomicLong();
    private final KeyCache cache = new KeyCache(Streams.MASTERS, KEYS_MAX, nanos::get);

    private static WrappedKey wrapped(StreamId id) {
        return Streams.MASTERS.wrap(DataKey.of(id, RANDOM), id.time().toEpochMilli(), RANDOM);
    }

    private StreamId remembered() {
        var id = Streams.mint();
        cache.put(wrapped(id));
        return id;
    }

    private static ConsumerRecord<byte[], byte[]> deletion(StreamId id) {
        return Streams.consumed(WrappedKey.deletion("keys", id), 0);
    }

    @Test
    void knowsWhatWasPutAndNothingElse() {
        var id = remembered();

        assertThat(cache.get(id)).isInstanceOf(Found.Key.class);
        assertThat(cache.get(Streams.mint())).isNull();
    }

    @Test
    void forgetsTheOneUsedLeastRecently() {
        var first = remembered();
        var second = remembered();
        remembered();
        remembered();
        cache.get(first);

        remembered();

        assertThat(cache.get(first)).isInstanceOf(Found.Key.class);
        assertThat(cache.get(second)).isNull();
        assertThat(cache.size()).isEqualTo(KEYS_MAX);
    }

    @Test
    void aDeletedKeyIsGoneAtOnceAndStaysGone() {
        var id = Streams.mint();
        var key = wrapped(id);
        cache.put(key);

        assertThat(cache.take(deletion(id))).isEqualTo(id);
        cache.take(Streams.consumed(key.record("keys"), 0)); // an older record, read later

        assertThat(cache.get(id)).isEqualTo(NO_KEY);
        assertThat(cache.isDeleted(id)).isTrue();
    }

    @Test
    void thatThereIsNoKeyCountsForAWhile() {
        var id = Streams.mint();

        assertThat(cache.noteAbsent(id)).isEqualTo(NO_KEY);
        assertThat(cache.get(id)).isEqualTo(NO_KEY);

        nanos.addAndGet(KeyCache.ABSENT_FOR.toNanos());
        assertThat(cache.get(id)).isNull();
    }

    @Test
    void aKeyThatComesEndsThatThereIsNone() {
        var id = Streams.mint();
        cache.noteAbsent(id);

        cache.put(wrapped(id));

        assertThat(cache.get(id)).isInstanceOf(Found.Key.class);
        assertThat(cache.noteAbsent(id)).isInstanceOf(Found.Key.class);
    }

    @Test
    void aKeyOfAnotherMasterIsThereAndOpensNothing() {
        var id = Streams.mint();
        cache.put(Streams.masters("m9", "m9").wrap(DataKey.of(id, RANDOM), 1, RANDOM));

        assertThat(cache.get(id)).isEqualTo(new Found.Missing(Unreadable.WRONG_MASTER_KEY));
    }

    @Test
    void recordsThatAreNoKeysArePassedBy() {
        var id = Streams.mint();
        byte[] nonsense = "nonsense".getBytes(StandardCharsets.UTF_8);

        assertThat(cache.take(new ConsumerRecord<>("keys", 0, 0, null, nonsense))).isNull();
        assertThat(cache.take(new ConsumerRecord<>("keys", 0, 0, nonsense, null))).isNull();
        assertThat(cache.take(new ConsumerRecord<>("keys", 0, 0, id.key(), nonsense))).isNull();
        assertThat(cache.get(id)).isNull();
    }

    @Test
    void noOrderOfReadingAndDeletingBringsAKeyBack() throws Exception {
        var racing = new KeyCache(Streams.MASTERS, 10_000, System::nanoTime);
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int round = 0; round < 200; round++) {
                var id = Streams.mint();
                var key = wrapped(id);
                var begin = new CyclicBarrier(4);
                var tasks = new ArrayList<Callable<Void>>();
                for (Runnable step :
                        List.<Runnable>of(
                                () -> racing.put(key),
                                () -> racing.take(Streams.consumed(key.record("keys"), 0)),
                                () -> racing.take(deletion(id)),
                                () -> racing.get(id))) {
                    tasks.add(() -> {
                        begin.await();
                        step.run();
                        return null;
                    });
                }
                for (var done : threads.invokeAll(tasks)) {
                    done.get();
                }

                assertThat(racing.get(id)).isEqualTo(NO_KEY);
            }
        }
    }
}
