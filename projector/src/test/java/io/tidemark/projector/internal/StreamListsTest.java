package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.projector.SampleStream;
import io.tidemark.projector.internal.Answer.Reason;

import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Lists of the partitions whose stores are here. */
final class StreamListsTest {
    private static final Set<Integer> FIRST = Set.of(0);

    private final TopologyFixture topology = new TopologyFixture();

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void listsWhatTheLogHeldWhenItWasAsked() throws InterruptedException {
        topology.append(SampleStream.of(0, 1, 1).records());
        topology.log.end = 4;
        var lists = new StreamLists(topology.proof(), 1, 1);

        assertThat(lists.page(FIRST, StreamFilter.of(null), 10))
                .isInstanceOfSatisfying(
                        Listed.Found.class, found -> assertThat(found.page().streams()).hasSize(1));
    }

    @Test
    void isNoListWhileTheLogIsLonger() throws InterruptedException {
        topology.append(SampleStream.of(0, 1, 1).records());
        topology.log.end = 5;
        var lists = new StreamLists(topology.proof(), 1, 1);

        assertThat(lists.page(FIRST, StreamFilter.of(null), 10))
                .isEqualTo(new Listed.Unavailable(Map.of(0, Reason.BEHIND)));
    }

    @Test
    void isNoListWhileTheLogSaysNothing() throws InterruptedException {
        topology.log.silent = true;
        var lists = new StreamLists(topology.proof(), 1, 1);

        assertThat(lists.page(FIRST, StreamFilter.of(null), 10))
                .isEqualTo(new Listed.Unavailable(Map.of(0, Reason.LOG_UNREACHABLE)));
    }

    @Test
    void saysWhichPartitionsAreNotHere() throws InterruptedException {
        var proof =
                new Proof(
                        (name, partition) -> {
                            if (partition == 2) {
                                throw new InvalidStateStoreException("not here");
                            }
                            return topology.store(name);
                        },
                        topology.log);

        assertThat(new StreamLists(proof, 3, 1).page(Set.of(0, 2), StreamFilter.of(null), 10))
                .isEqualTo(new Listed.Unavailable(Map.of(2, Reason.RESTORING)));
    }

    @Test
    void looksAtABoundedNumberOfEntriesAndSaysHowFarItCame() throws InterruptedException {
        int streams = 30;
        for (int number = 0; number < streams; number++) {
            topology.append(SampleStream.of(0, number, 1).record(0, 1));
        }
        var none =
                new StreamFilter(null, Set.of(), null, "nobody", 0, StreamFilter.UNTIL_MAX, null);
        /* Each of so many partitions has ten of them. */
        var lists = new StreamLists(topology.proof(), StreamLists.LOOKS_MAX / 10, 1);

        var first = found(lists.page(FIRST, none, 10));
        assertThat(first.streams()).isEmpty();
        assertThat(first.next()).isEqualTo(SampleStream.of(0, streams - 10, 1).id());

        var second =
                found(lists.page(FIRST, none.behind(Objects.requireNonNull(first.next())), 10));
        var third =
                found(lists.page(FIRST, none.behind(Objects.requireNonNull(second.next())), 10));
        assertThat(third.next()).isNull();
    }

    private static StreamPage found(Listed listed) {
        return switch (listed) {
            case Listed.Found(var page) -> page;
            case Listed.Unavailable unavailable -> throw new AssertionError(unavailable);
        };
    }
}
