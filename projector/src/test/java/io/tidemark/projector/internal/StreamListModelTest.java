package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Comparator.reverseOrder;

import io.tidemark.projector.ListedStream;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.StreamId;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Lists over several partitions against a list that is simply filtered and sorted, while streams
 * come and go between the pages.
 */
final class StreamListModelTest {
    private static final int PARTITIONS = 3;
    private static final List<String> TENANTS = List.of("", "a", "acme", "acme2", "b");
    private static final long BEGAN = 1_800_000_000_000L;
    private static final int SPAN_MS = 40;

    private final List<KeyValueStore<byte[], byte[]>> stores =
            IntStream.range(0, PARTITIONS).mapToObj(StreamListModelTest::store).toList();
    private final List<ListedStream> model = new ArrayList<>();

    static LongStream seeds() {
        var seed = Long.getLong("seed");
        return seed == null ? new Random().longs(60) : LongStream.of(seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void givesEachStreamOnceAndInOrder(long seed) {
        var random = new Random(seed);
        for (int streams = random.nextInt(200); streams > 0; streams--) {
            start(random, BEGAN + random.nextInt(SPAN_MS));
        }
        for (int run = 0; run < 10; run++) {
            var filter = filter(random);
            int limit = 1 + random.nextInt(20);
            int looksMax = 1 + random.nextInt(30);
            var before = wanted(filter);

            var seen = pages(random, filter, limit, looksMax);

            assertThat(seen).isSortedAccordingTo(reverseOrder()).doesNotHaveDuplicates();
            var stayed = new ArrayList<>(before);
            stayed.retainAll(wanted(filter));
            assertThat(seen).containsAll(stayed);
            var allowed = new HashSet<>(before);
            allowed.addAll(wanted(filter));
            assertThat(allowed).containsAll(seen);
        }
    }

    /* Between the pages newer streams start, and some are removed. */
    private List<StreamId> pages(Random random, StreamFilter filter, int limit, int looksMax) {
        var seen = new ArrayList<StreamId>();
        var here = filter;
        while (true) {
            var page = page(here, limit, looksMax);
            assertThat(page.streams()).hasSizeLessThanOrEqualTo(limit);
            page.streams().forEach(entry -> seen.add(entry.requestId()));
            if (page.next() == null) {
                return seen;
            }
            if (here.before() != null) {
                assertThat(page.next()).isLessThan(here.before());
            }
            here = here.behind(page.next());
            start(random, BEGAN + SPAN_MS + model.size());
            if (random.nextInt(4) == 0) {
                remove(model.get(random.nextInt(model.size())));
            }
        }
    }

    private StreamPage page(StreamFilter filter, int limit, int looksMax) {
        return StreamPage.merge(
                stores.stream()
                        .map(store -> StreamScan.page(store, filter, limit, looksMax))
                        .map(page -> StreamPage.decode(page.encode()))
                        .toList(),
                limit);
    }

    private void start(Random random, long at) {
        var stream = ListedStream.random(random, TENANTS, random.nextInt(PARTITIONS), at);
        var index = new StreamIndex(stores.get(stream.id().partition()));
        index.begin(stream.id(), stream.record(0).value());
        if (stream.ends()) {
            index.end(stream.row());
        }
        model.add(stream);
    }

    private void remove(ListedStream stream) {
        model.remove(stream);
        assertThat(new StreamIndex(stores.get(stream.id().partition())).remove(stream.id()))
                .isTrue();
    }

    private List<StreamId> wanted(StreamFilter filter) {
        Predicate<ListedStream> inTime =
                it -> it.at() >= filter.since() && it.at() < filter.until();
        return model.stream()
                .filter(it -> Objects.equals(it.tenant(), filter.tenant()))
                .filter(inTime)
                .filter(it ->
                        filter.statuses().isEmpty() || filter.statuses().contains(it.status()))
                .filter(it -> filter.provider() == null || filter.provider().equals(it.provider()))
                .filter(it -> filter.model() == null || filter.model().fits(it.model()))
                .map(ListedStream::id)
                .sorted(reverseOrder())
                .toList();
    }

    private static StreamFilter filter(Random random) {
        var tenant = TENANTS.get(random.nextInt(TENANTS.size()));
        return new StreamFilter(
                tenant.isEmpty() ? null : tenant,
                statuses(random),
                maybe(
                        random,
                        Stream.of("gpt*", "*", "opus", "gemini*x").map(Wildcard::new).toList()),
                maybe(random, List.of("openai", "local", "nobody")),
                random.nextBoolean() ? 0 : BEGAN + random.nextInt(SPAN_MS),
                random.nextBoolean() ? StreamFilter.UNTIL_MAX : BEGAN + random.nextInt(2 * SPAN_MS),
                null);
    }

    private static Set<Response.Status> statuses(Random random) {
        var statuses = EnumSet.noneOf(Response.Status.class);
        if (random.nextBoolean()) {
            statuses.add(Response.Status.FAILED);
            statuses.add(
                    random.nextBoolean() ? Response.Status.COMPLETED : Response.Status.IN_PROGRESS);
        }
        return statuses;
    }

    private static <T> @Nullable T maybe(Random random, List<T> values) {
        return random.nextBoolean() ? null : values.get(random.nextInt(values.size()));
    }

    private static KeyValueStore<byte[], byte[]> store(int partition) {
        var store =
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore("streams-" + partition),
                                Serdes.ByteArray(),
                                Serdes.ByteArray())
                        .withLoggingDisabled()
                        .build();
        store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
        return store;
    }
}
