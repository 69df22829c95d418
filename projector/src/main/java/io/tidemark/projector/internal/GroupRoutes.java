package io.tidemark.projector.internal;

import io.tidemark.projector.internal.Route.Place;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.state.HostInfo;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Routes as the group's last assignment says, which a store that is here and ready comes before: an
 * instance that has come back at another address is not in the assignment yet. Thread-safe.
 */
final class GroupRoutes implements Routes {
    private static final Place HERE = new Place.Here();

    private final Supplier<Collection<StreamsMetadata>> group;
    private final String topic;
    private final HostInfo self;
    private final IntPredicate ready;

    /**
     * Routes of a topic's partitions.
     *
     * @param group what each instance has
     * @param topic the topic whose partitions are routed
     * @param self address of this instance as others are told it, {@code HOST:PORT}
     * @param ready whether this instance writes a partition's stores, and has restored them
     */
    GroupRoutes(
            Supplier<Collection<StreamsMetadata>> group,
            String topic,
            String self,
            IntPredicate ready) {
        this.group = group;
        this.topic = topic;
        this.self = HostInfo.buildFromEndpoint(self);
        this.ready = ready;
    }

    @Override
    public Route of(int partition) {
        var wanted = new TopicPartition(topic, partition);
        var members = members();
        var named = places(members, it -> it.topicPartitions().contains(wanted));
        var copies = places(members, it -> it.standbyTopicPartitions().contains(wanted));
        if (ready.test(partition) && !named.contains(HERE)) {
            return new Route(HERE, Stream.concat(named.stream(), copies.stream()).toList());
        }
        return new Route(named.isEmpty() ? null : named.getFirst(), copies);
    }

    private List<Place> places(
            Collection<StreamsMetadata> members, Predicate<StreamsMetadata> wanted) {
        return members.stream().filter(wanted).map(this::place).toList();
    }

    /* Before the first assignment and after the end there is no group. */
    private Collection<StreamsMetadata> members() {
        try {
            return group.get();
        } catch (StreamsNotStartedException | IllegalStateException e) {
            return List.of();
        }
    }

    private Place place(StreamsMetadata member) {
        var host = member.hostInfo();
        return host.equals(self)
                ? HERE
                : new Place.There(URI.create("http://" + literal(host) + ":" + host.port()));
    }

    private static String literal(HostInfo host) {
        return host.host().contains(":") && !host.host().startsWith("[")
                ? "[" + host.host() + "]"
                : host.host();
    }
}
