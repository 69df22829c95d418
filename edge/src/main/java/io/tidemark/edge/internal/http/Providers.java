package io.tidemark.edge.internal.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which providers may be asked for, and for what. Immutable.
 *
 * @param apisByName dialects by name of the provider, in order of preference
 */
public record Providers(Map<String, List<String>> apisByName) {
    public Providers {
        apisByName = new LinkedHashMap<>(apisByName);
    }

    /** Every dialect that some provider speaks. */
    List<String> apis() {
        return apisByName.values().stream().flatMap(List::stream).distinct().sorted().toList();
    }

    /** Those that speak a dialect, the default one first. */
    List<String> speaking(String api) {
        return apisByName.entrySet().stream()
                .filter(provider -> provider.getValue().contains(api))
                .map(Map.Entry::getKey)
                .toList();
    }
}
