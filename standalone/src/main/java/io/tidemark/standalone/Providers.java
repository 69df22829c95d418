package io.tidemark.standalone;

import io.tidemark.edge.EdgeConfig;
import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.ProviderKind;
import io.tidemark.ingest.Resilience;
import io.tidemark.ingest.RouteConfig;
import io.tidemark.ingest.RouteConfig.Target;
import io.tidemark.ingest.Secret;
import io.tidemark.ingest.UpstreamTimeouts;
import io.tidemark.schemas.ModelPattern;
import io.tidemark.standalone.settings.InvalidSettingsException;
import io.tidemark.standalone.settings.Keys;
import io.tidemark.standalone.settings.ProviderKeys;
import io.tidemark.standalone.settings.Settings;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The providers of an installation and the routes to them, from its settings. Immutable.
 *
 * @param configs those that are there without being named first, then the others by name
 * @param routes by name
 */
record Providers(List<ProviderConfig> configs, List<Route> routes) {
    private static final Map<String, ProviderKind> KNOWN =
            Map.of(
                    "openai", ProviderKind.OPENAI,
                    "anthropic", ProviderKind.ANTHROPIC,
                    "gemini", ProviderKind.GEMINI);
    /* There without being named, and asked in this order where nothing says whom to ask. */
    private static final List<String> ORDER = List.of("openai", "anthropic", "gemini");

    private static final Duration BACKOFF_MAX = Duration.ofSeconds(8);

    /** A route, as it is set. */
    record Route(String name, List<ModelPattern> models, List<Target> targets) {
        RouteConfig forIngest() {
            return new RouteConfig(name, targets);
        }

        EdgeConfig.Route forEdge() {
            return new EdgeConfig.Route(
                    name, models, targets.stream().map(Target::provider).distinct().toList());
        }
    }

    Providers {
        configs = List.copyOf(configs);
        routes = List.copyOf(routes);
    }

    /** Those that settings name, and those that are there without being named. */
    static Providers of(Settings settings) {
        var names = new LinkedHashSet<>(ORDER);
        names.addAll(settings.providerNames());
        var configs = names.stream().map(name -> config(name, settings)).toList();
        return new Providers(configs, routes(settings, names));
    }

    /** The simulator in the place of all vendors; everything else as it is set. */
    static Providers simulated(Settings settings, URI simulator) {
        var simulated = settings;
        for (var name : ORDER) {
            var address = simulated(kind(name), simulator).toString();
            simulated =
                    simulated
                            .with(ProviderKeys.baseUrl(name), address)
                            .with(ProviderKeys.apiKey(name), "simulated");
        }
        return of(simulated);
    }

    /* A vendor's SDK for OpenAI takes the version with the address, the others add it. */
    private static URI simulated(ProviderKind kind, URI simulator) {
        return kind == ProviderKind.OPENAI ? simulator.resolve("/v1") : simulator.resolve("/");
    }

    /** Whether any provider was given a key or an address. */
    static boolean configured(Settings settings) {
        return settings.providerNames().stream()
                .anyMatch(name ->
                        settings.isSet(ProviderKeys.apiKey(name))
                                || settings.isSet(ProviderKeys.baseUrl(name)));
    }

    private static ProviderKind kind(String name) {
        return KNOWN.getOrDefault(name, ProviderKind.OPENAI);
    }

    private static ProviderConfig config(String name, Settings settings) {
        var kind = settings.find(ProviderKeys.kind(name)).orElse(kind(name));
        return new ProviderConfig(
                name,
                kind.apis(),
                baseUrl(name, kind, settings),
                settings.find(ProviderKeys.apiKey(name)).map(Secret::new).orElse(null),
                settings.headersOf(name),
                settings.get(ProviderKeys.streamsMax(name)),
                timeouts(name, settings),
                resilience(name, settings));
    }

    private static UpstreamTimeouts timeouts(String name, Settings settings) {
        return new UpstreamTimeouts(
                settings.get(ProviderKeys.connect(name)),
                settings.get(ProviderKeys.firstByte(name)),
                settings.get(ProviderKeys.idle(name)),
                settings.get(ProviderKeys.total(name)));
    }

    private static Resilience resilience(String name, Settings settings) {
        var backoff = settings.get(ProviderKeys.backoff(name));
        return new Resilience(
                settings.get(ProviderKeys.attemptsMax(name)),
                backoff,
                backoff.compareTo(BACKOFF_MAX) > 0 ? backoff : BACKOFF_MAX,
                settings.get(ProviderKeys.retryAfterMax(name)),
                settings.get(ProviderKeys.resumesMax(name)),
                settings.get(ProviderKeys.retryBudget(name)) / 100.0,
                new Resilience.Breaker(
                        settings.get(ProviderKeys.breakerCalls(name)),
                        settings.get(ProviderKeys.breakerRate(name)),
                        settings.get(ProviderKeys.breakerOpen(name))));
    }

    private static URI baseUrl(String name, ProviderKind kind, Settings settings) {
        var key = ProviderKeys.baseUrl(name);
        var configured = settings.find(key);
        if (configured.isPresent()) {
            return configured.get();
        }
        var known = kind.baseUrl();
        if (known == null || !KNOWN.containsKey(name)) {
            throw new InvalidSettingsException(
                    key.name() + " must be set: only " + ORDER + " have a default");
        }
        return known;
    }

    private static List<Route> routes(Settings settings, LinkedHashSet<String> providers) {
        return settings.routeNames().stream()
                .map(name ->
                        new Route(
                                name,
                                settings.get(Keys.routeModels(name)),
                                settings.get(Keys.routeProviders(name)).stream()
                                        .map(text -> target(name, text, providers))
                                        .toList()))
                .toList();
    }

    private static Target target(String route, String text, LinkedHashSet<String> providers) {
        int colon = text.indexOf(':');
        var target =
                colon < 0
                        ? new Target(text, null)
                        : new Target(text.substring(0, colon), text.substring(colon + 1));
        boolean blank = target.model() != null && target.model().isBlank();
        if (blank || !providers.contains(target.provider())) {
            throw new InvalidSettingsException(
                    "%s must name providers, of which there are %s, was '%s'"
                            .formatted(Keys.routeProviders(route).name(), providers, text));
        }
        return target;
    }
}
