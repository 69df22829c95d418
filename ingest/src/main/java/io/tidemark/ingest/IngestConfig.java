package io.tidemark.ingest;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.Topics;
import io.tidemark.seal.MasterKeys;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything a worker is told. Immutable.
 *
 * @param kafka settings passed through to every Kafka client, {@code bootstrap.servers} at least;
 *     those that a promise rests on, such as {@code acks}, are not open to change
 * @param topics the installation's topics
 * @param workerId names this worker in the group, in leases and in done records; stable over
 *     restarts, so that a restarted worker gets its partitions back at once, and different for each
 *     worker
 * @param providers the providers that requests can name; names differ
 * @param routes which providers stand in for each other; names differ, and each target is one of
 *     the providers
 * @param limits how much it takes on
 * @param timings how long it waits
 * @param masterKeys what the keys of encrypted streams are wrapped with; {@link MasterKeys#NONE} if
 *     there are none
 */
public record IngestConfig(
        Map<String, String> kafka,
        Topics topics,
        String workerId,
        List<ProviderConfig> providers,
        List<RouteConfig> routes,
        IngestLimits limits,
        IngestTimings timings,
        MasterKeys masterKeys) {
    public IngestConfig {
        kafka = Map.copyOf(kafka);
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("kafka must have bootstrap.servers");
        }
        requireNonNull(topics, "topics");
        if (!workerId.matches("[a-zA-Z0-9._-]{1,200}")) {
            throw new IllegalArgumentException(
                    "workerId must be 1 to 200 letters, digits, dots, dashes or underscores, was "
                            + workerId);
        }
        providers = List.copyOf(providers);
        var names = new HashSet<String>();
        for (var provider : providers) {
            if (!names.add(provider.name())) {
                throw new IllegalArgumentException(
                        "providers has " + provider.name() + " more than once");
            }
        }
        routes = List.copyOf(routes);
        requireKnownTargets(routes, names);
        requireNonNull(limits, "limits");
        requireNonNull(timings, "timings");
        requireNonNull(masterKeys, "masterKeys");
    }

    /** A worker with default limits and timings. */
    public static IngestConfig of(
            Map<String, String> kafka,
            Topics topics,
            String workerId,
            List<ProviderConfig> providers) {
        return new IngestConfig(
                kafka,
                topics,
                workerId,
                providers,
                List.of(),
                IngestLimits.defaults(),
                IngestTimings.defaults(),
                MasterKeys.NONE);
    }

    /** The same with other limits. */
    public IngestConfig withLimits(IngestLimits newLimits) {
        return new IngestConfig(
                kafka, topics, workerId, providers, routes, newLimits, timings, masterKeys);
    }

    /** The same with other timings. */
    public IngestConfig withTimings(IngestTimings newTimings) {
        return new IngestConfig(
                kafka, topics, workerId, providers, routes, limits, newTimings, masterKeys);
    }

    /** The same with other routes. */
    public IngestConfig withRoutes(List<RouteConfig> newRoutes) {
        return new IngestConfig(
                kafka, topics, workerId, providers, newRoutes, limits, timings, masterKeys);
    }

    /** The same with keys for encrypted streams. */
    public IngestConfig withMasterKeys(MasterKeys newMasterKeys) {
        return new IngestConfig(
                kafka, topics, workerId, providers, routes, limits, timings, newMasterKeys);
    }

    private static void requireKnownTargets(List<RouteConfig> routes, Set<String> providers) {
        var names = new HashSet<String>();
        for (var route : routes) {
            if (!names.add(route.name())) {
                throw new IllegalArgumentException(
                        "routes has " + route.name() + " more than once");
            }
            for (var target : route.targets()) {
                if (!providers.contains(target.provider())) {
                    throw new IllegalArgumentException(
                            "route %s names the provider %s, which is none of %s"
                                    .formatted(
                                            route.name(),
                                            target.provider(),
                                            new TreeSet<>(providers)));
                }
            }
        }
    }

    /** Prints the names of Kafka's settings, not their values: some are credentials. */
    @Override
    public String toString() {
        return "IngestConfig[kafka=%s, topics=%s, workerId=%s, providers=%s, routes=%s, limits=%s, timings=%s]"
                .formatted(kafka.keySet(), topics, workerId, providers, routes, limits, timings);
    }
}
