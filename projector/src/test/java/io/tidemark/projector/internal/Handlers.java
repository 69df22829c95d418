package io.tidemark.projector.internal;

import io.tidemark.projector.ProjectorMetrics;
import io.tidemark.projector.internal.Route.Place;

import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Handlers over the stores of a fixture, which has one partition. */
final class Handlers {
    /** Stores of partitions that are not here. */
    static final StoreView ABSENT =
            (_, _) -> {
                throw new InvalidStateStoreException("not here");
            };

    /** Longer than a machine can be busy with something else. */
    static final Patience PATIENT =
            new Patience(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1));

    private Handlers() {}

    /** One that has the partition, and nobody to pass anything on to. */
    static QueryHandler alone(TopologyFixture topology, Supplier<State> state) {
        return with(topology, state, _ -> new Route(new Place.Here(), List.of()));
    }

    /** One that goes by these routes. */
    static QueryHandler with(TopologyFixture topology, Supplier<State> state, Routes routes) {
        return with(topology, state, routes, 1);
    }

    /** One for so many partitions. */
    static QueryHandler with(
            TopologyFixture topology, Supplier<State> state, Routes routes, int partitions) {
        return with(
                topology, (name, _) -> topology.store(name), state, routes, partitions, PATIENT);
    }

    /** One that waits for others for as long as it is told. */
    static QueryHandler with(TopologyFixture topology, Routes routes, Patience patience) {
        return with(
                topology,
                (name, _) -> topology.store(name),
                () -> State.RUNNING,
                routes,
                1,
                patience);
    }

    /** One that has other stores than the fixture's. */
    static QueryHandler with(
            TopologyFixture topology, StoreView stores, Supplier<State> state, Routes routes) {
        return with(topology, stores, state, routes, 1, PATIENT);
    }

    private static QueryHandler with(
            TopologyFixture topology,
            StoreView stores,
            Supplier<State> state,
            Routes routes,
            int partitions,
            Patience patience) {
        var metrics = new ProjectorMetrics(topology.meters, InstantSource.system());
        var proof = new Proof(stores, topology.log);
        var query = new ResponseQuery(stores, proof, topology.waiters, 1);
        var peers = new Peers(metrics, 0, patience);
        var lists = new StreamLists(proof, partitions, 1);
        return new QueryHandler(
                new RoutedResponses(query, routes, peers, 1),
                new RoutedLists(lists, routes, peers, partitions),
                state,
                Optional::empty,
                metrics);
    }
}
