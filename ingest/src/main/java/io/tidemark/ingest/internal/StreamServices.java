package io.tidemark.ingest.internal;

import static java.util.Comparator.comparing;

import io.tidemark.ingest.RouteConfig;
import io.tidemark.ingest.RouteConfig.Target;
import io.tidemark.schemas.Command;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What every stream of a worker uses. All parts are thread-safe.
 *
 * @param providers configured providers, by name
 * @param routes which providers stand in for each other, by name
 * @param apis dialects, by name
 * @param log where events go
 * @param commands writes claims and done records
 * @param commandsTopic where those go
 * @param takeover reads streams of others back
 * @param readBack reads streams of ours back
 * @param keys of encrypted streams
 * @param surroundings what pumps share
 * @param workerId signs done records
 * @param retry pause between attempts while Kafka does not answer
 */
record StreamServices(
        Map<String, Provider> providers,
        Map<String, RouteConfig> routes,
        Map<String, ProviderApi> apis,
        EventWriter.Log log,
        LogProducer commands,
        String commandsTopic,
        Takeover takeover,
        SharedReadBack readBack,
        StreamKeys keys,
        UpstreamPump.Surroundings surroundings,
        String workerId,
        Duration retry) {
    StreamServices {
        providers = Map.copyOf(providers);
        routes = Map.copyOf(routes);
        apis = Map.copyOf(apis);
    }

    /** The provider as a tag of meters: a configured one or none, never what a caller invents. */
    String providerTag(Command.Start start) {
        return providers.containsKey(start.provider()) ? start.provider() : IngestMetrics.NONE;
    }

    /**
     * The start with the dialect that it will be asked in, where it names none: what the log says
     * of it.
     */
    Command.Start resolved(Command.Start start) {
        if (!start.api().equals(Command.Start.NEUTRAL)) {
            return start;
        }
        return candidates(start, true).stream()
                .findFirst()
                .map(first -> start.withApi(first.api().name()))
                .orElse(start);
    }

    /**
     * Whom a request can be sent to, in order: the provider that it names and, if a route chose
     * that one, those that stand in for it. Those that do not speak its dialect are left out.
     *
     * @param neutral whether any dialect will do
     */
    List<Candidate> candidates(Command.Start start, boolean neutral) {
        var route = start.route() == null ? null : routes.get(start.route());
        var targets = new ArrayList<Target>();
        if (route != null) {
            targets.addAll(route.targets());
        }
        if (targets.stream().noneMatch(target -> target.provider().equals(start.provider()))) {
            targets.addFirst(new Target(start.provider(), null));
        }
        return targets.stream()
                .sorted(comparing(target -> !target.provider().equals(start.provider())))
                .flatMap(target -> candidate(neutral ? null : start.api(), target).stream())
                .toList();
    }

    private Optional<Candidate> candidate(@Nullable String asked, Target target) {
        var provider = providers.get(target.provider());
        if (provider == null) {
            return Optional.empty();
        }
        var spoken = provider.config().apis();
        var name = asked == null ? spoken.getFirst() : asked;
        var api = apis.get(name);
        return api == null || !spoken.contains(name)
                ? Optional.empty()
                : Optional.of(new Candidate(provider, api, target.model()));
    }

    /**
     * Takes a single stream over from ourselves, after its log has broken: reads back all of it.
     *
     * @return blocks, and throws what {@link SharedReadBack#inherit} does; asked again after a
     *     failure, it goes on where it was
     */
    Supplier<Inherited> inherit(EventWriter broken) {
        return taking(orphan(broken).whole());
    }

    /** The same, but only how far the log has come: what is open in it is not told. */
    Supplier<Inherited> rejoin(EventWriter broken) {
        return taking(orphan(broken));
    }

    private Supplier<Inherited> taking(Orphan ours) {
        var stream = new ReadBack(ours, ours.attempt().epoch(), keys.opener());
        return () -> readBack.inherit(stream);
    }

    private static Orphan orphan(EventWriter broken) {
        return Orphan.ours(broken.id(), broken.attempt(), broken.acknowledged());
    }
}
