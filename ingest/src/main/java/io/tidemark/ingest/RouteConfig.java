package io.tidemark.ingest;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Providers that can stand in for each other. Immutable.
 *
 * @param name what start commands call it
 * @param targets whom to ask, in order: the next one when the one before failed before it said
 *     anything; at least one
 */
public record RouteConfig(String name, List<Target> targets) {
    public RouteConfig {
        if (!name.matches("[a-z0-9][a-z0-9-]{0,63}")) {
            throw new IllegalArgumentException(
                    "name of a route must be 1 to 64 lower-case letters, digits or dashes, was "
                            + name);
        }
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("targets of route " + name + " must not be empty");
        }
    }

    /**
     * A provider of a route.
     *
     * @param provider name of a configured provider
     * @param model what it calls the model; absent if it is what the request says
     */
    public record Target(String provider, @Nullable String model) {}
}
