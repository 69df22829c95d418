package io.tidemark.projector.internal;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.tidemark.projector.ProjectorConfig;
import io.tidemark.projector.ProjectorMetrics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.LagInfo;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What the query endpoint answers from: stores, log and other instances, wired. Thread-safe. */
public final class Answers implements AutoCloseable {
    private static final byte[] NO_KEY = {0};

    private final QueryHandler handler;
    private final KafkaLogEnds ends;
    private final Watch watch;
    private final Peers peers;

    /**
     * Answers of one instance.
     *
     * @param streams started, and closed by the caller
     * @param notAllowed what Kafka did not allow, if they have stopped for that
     * @param partitions how many the log has
     * @param advertised {@code HOST:PORT} of this instance as others are told it
     */
    public Answers(
            ProjectorConfig config,
            KafkaStreams streams,
            Supplier<Optional<String>> notAllowed,
            SequenceWaiters waiters,
            ProjectorMetrics metrics,
            int partitions,
            String advertised) {
        this.peers = new Peers(metrics, config.topics().generation());
        var events = config.topics().events().name();
        var admin = Admin.create(Map.<String, Object>copyOf(config.kafka()));
        this.ends = new KafkaLogEnds(admin, events, System::nanoTime);
        var copies = new Copies();
        this.watch =
                new Watch(
                        ends,
                        IntStream.range(0, partitions).boxed().collect(toSet()),
                        copies,
                        () -> config.standbyReplicas() == 0 ? Map.of() : lags(streams));
        StoreView ours = (name, partition) -> ready(streams, name, partition);
        var proof = new Proof(ours, ends);
        var routes =
                new GroupRoutes(
                        streams::metadataForAllStreamsClients,
                        events,
                        advertised,
                        partition -> isHere(ours, partition));
        int max = config.queriesMax();
        var query = new ResponseQuery(orCopies(ours, copies, streams), proof, waiters, max);
        var lists = new StreamLists(proof, partitions, max);
        this.handler =
                new QueryHandler(
                        new RoutedResponses(query, routes, peers, max),
                        new RoutedLists(lists, routes, peers, partitions),
                        streams::state,
                        notAllowed,
                        metrics);
    }

    /* What Kafka Streams gives is looked for only when it is asked for something. */
    private static ReadOnlyKeyValueStore<byte[], byte[]> ready(
            KafkaStreams streams, String name, int partition) {
        var store = streams.store(of(name, partition));
        var _ = store.get(NO_KEY);
        return store;
    }

    private static boolean isHere(StoreView stores, int partition) {
        try {
            var _ = stores.store(ProjectorStores.STREAMS, partition);
            return true;
        } catch (InvalidStateStoreException e) {
            return false;
        }
    }

    /* Stores that this instance does not write, or not yet, stand in for those that it does. */
    private static StoreView orCopies(StoreView ours, Copies copies, KafkaStreams streams) {
        return (name, partition) -> {
            try {
                return ours.store(name, partition);
            } catch (InvalidStateStoreException e) {
                if (!copies.near(partition)) {
                    throw e;
                }
                return streams.store(of(name, partition).enableStaleStores());
            }
        };
    }

    private static Map<String, Map<Integer, Long>> lags(KafkaStreams streams) {
        return streams.allLocalStorePartitionLags().entrySet().stream()
                .collect(toMap(Map.Entry::getKey, store -> lags(store.getValue())));
    }

    private static Map<Integer, Long> lags(Map<Integer, LagInfo> store) {
        return store.entrySet().stream()
                .collect(toMap(Map.Entry::getKey, lag -> lag.getValue().offsetLag()));
    }

    private static StoreQueryParameters<ReadOnlyKeyValueStore<byte[], byte[]>> of(
            String name, int partition) {
        return StoreQueryParameters.fromNameAndType(
                        name, QueryableStoreTypes.<byte[], byte[]>keyValueStore())
                .withPartition(partition);
    }

    /** Answers requests. */
    public QueryHandler handler() {
        return handler;
    }

    @Override
    public void close() {
        watch.close();
        ends.close();
        peers.close();
    }
}
