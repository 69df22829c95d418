package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.projector.internal.Answer.Reason;
import io.tidemark.projector.internal.Route.Place;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

final class GroupRoutesTest {
    private static final String TOPIC = "tidemark.events";

    private final Set<Integer> ready = new HashSet<>();

    @Test
    void tellsWhoHasAPartitionAndWhoACopy() {
        var routes =
                routes(
                        List.of(
                                new Member(new HostInfo("a", 1), of(0, 1), of(2)),
                                new Member(new HostInfo("self", 7), of(2), of(0)),
                                new Member(new HostInfo("::1", 3), Set.of(), of(0, 1))));

        assertThat(routes.of(0))
                .isEqualTo(
                        new Route(
                                there("http://a:1"),
                                List.of(new Place.Here(), there("http://[::1]:3"))));
        assertThat(routes.of(2))
                .isEqualTo(new Route(new Place.Here(), List.of(there("http://a:1"))));
        assertThat(routes.of(2).ownedHere()).isTrue();
    }

    @Test
    void aPartitionThatChangesHandsIsNobodys() {
        var routes =
                routes(
                        List.of(
                                new Member(new HostInfo("a", 1), of(0), of(1)),
                                new Member(new HostInfo("self", 7), of(2), Set.of())));

        assertThat(routes.of(1).unowned()).isEqualTo(Reason.MOVING);
        assertThat(routes.of(5)).isEqualTo(new Route(null, List.of()));
    }

    /** It may have come back at another address, or lose the partition in a moment. */
    @Test
    void whatIsReadyHereIsAskedHereFirst() {
        ready.add(0);
        var routes = routes(List.of(new Member(new HostInfo("a", 1), of(0), Set.of())));

        assertThat(routes.of(0))
                .isEqualTo(new Route(new Place.Here(), List.of(there("http://a:1"))));
    }

    @Test
    void beforeTheFirstAssignmentNothingIsKnown() {
        var routes =
                new GroupRoutes(
                        () -> {
                            throw new StreamsNotStartedException("not yet");
                        },
                        TOPIC,
                        "self:7",
                        _ -> false);

        assertThat(routes.of(0)).isEqualTo(new Route(null, List.of()));
        assertThat(routes.of(0).unowned()).isEqualTo(Reason.RESTORING);
    }

    private GroupRoutes routes(Collection<StreamsMetadata> group) {
        return new GroupRoutes(() -> group, TOPIC, "self:7", ready::contains);
    }

    private static Place.There there(String base) {
        return new Place.There(URI.create(base));
    }

    private static Set<TopicPartition> of(Integer... partitions) {
        return Arrays.stream(partitions)
                .map(partition -> new TopicPartition(TOPIC, partition))
                .collect(Collectors.toSet());
    }

    private record Member(
            HostInfo hostInfo,
            Set<TopicPartition> topicPartitions,
            Set<TopicPartition> standbyTopicPartitions)
            implements StreamsMetadata {
        @Override
        public Set<String> stateStoreNames() {
            return Set.of();
        }

        @Override
        public Set<String> standbyStateStoreNames() {
            return Set.of();
        }

        @Override
        public String host() {
            return hostInfo.host();
        }

        @Override
        public int port() {
            return hostInfo.port();
        }
    }
}
