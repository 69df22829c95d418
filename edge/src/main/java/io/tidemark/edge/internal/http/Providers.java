package io.tidemark.edge.internal.http;

import static java.util.Comparator.comparingInt;

import io.tidemark.schemas.Command;
import io.tidemark.schemas.ModelPattern;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which providers may be asked for, for what, and which is asked where the caller names none.
 * Immutable.
 *
 * @param apisByName dialects by name of the provider, in order of preference
 * @param routes which provider is asked for a model
 */
public record Providers(Map<String, List<String>> apisByName, List<Route> routes) {
    /**
     * Which providers are asked for a model.
     *
     * @param models what the names of its models look like
     * @param providers in order of preference
     */
    public record Route(String name, List<ModelPattern> models, List<String> providers) {
        public Route {
            models = List.copyOf(models);
            providers = List.copyOf(providers);
        }
    }

    /**
     * The provider that is asked.
     *
     * @param route the route that chose it; absent where none did
     */
    record Choice(String provider, @Nullable String route) {}

    private record Fit(Route route, int literals) {}

    public Providers {
        apisByName = new LinkedHashMap<>(apisByName);
        routes = List.copyOf(routes);
    }

    /** Everything that a request can be written in: what some provider speaks, and no dialect. */
    List<String> apis() {
        var spoken = apisByName.values().stream().flatMap(List::stream).distinct().sorted();
        return Stream.concat(Stream.of(Command.Start.NEUTRAL), spoken).toList();
    }

    /** Those that can be asked in a dialect, or in none, the default one first. */
    List<String> speaking(String api) {
        return apisByName.entrySet().stream()
                .filter(provider ->
                        api.equals(Command.Start.NEUTRAL) || provider.getValue().contains(api))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whom to ask for a model where the caller does not care. */
    Choice choose(String api, String model) {
        var speaking = speaking(api);
        return fitting(model)
                .flatMap(route ->
                        route.providers().stream()
                                .filter(speaking::contains)
                                .findFirst()
                                .map(provider -> new Choice(provider, route.name())))
                .orElseGet(() -> new Choice(speaking.getFirst(), null));
    }

    private Optional<Route> fitting(String model) {
        return routes.stream()
                .flatMap(route ->
                        route.models().stream()
                                .filter(pattern -> pattern.fits(model))
                                .map(pattern -> new Fit(route, pattern.literals())))
                .sorted(
                        comparingInt((Fit fit) -> -fit.literals())
                                .thenComparing(it -> it.route().name()))
                .map(Fit::route)
                .findFirst();
    }
}
