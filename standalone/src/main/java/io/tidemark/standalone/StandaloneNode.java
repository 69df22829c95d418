package io.tidemark.standalone;

import io.tidemark.standalone.settings.Keys;
import io.tidemark.standalone.settings.Settings;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Every role in one process: Kafka, a provider, a worker, a projector, and as many edges as are
 * added. All is closed through the stack it was started with, in reverse order.
 */
final class StandaloneNode {
    /* Names that stay the same over restarts let the groups take a restarted member back at once. */
    private static final String MEMBER = "standalone";

    /* Kafka stops with the worker: there is nobody to hand over to. */
    private static final Duration DRAIN_MAX = Duration.ofSeconds(5);

    private final Roles roles;
    private final Providers providers;
    private final URI projector;
    private final ShutdownStack stack;

    private StandaloneNode(Roles roles, Providers providers, URI projector, ShutdownStack stack) {
        this.roles = roles;
        this.providers = providers;
        this.projector = projector;
        this.stack = stack;
    }

    /** Starts everything but the edges. */
    static StandaloneNode start(Settings settings, ShutdownStack stack) {
        var roles = Roles.beside(Roles.kafka(settings, stack).bootstrapServers(), settings);
        var providers = Providers.of(settings);
        if (!Providers.configured(settings)) {
            int port = settings.isSet(Keys.SIMULATOR_PORT) ? settings.get(Keys.SIMULATOR_PORT) : 0;
            var simulator = URI.create(Roles.simulator(settings, stack, port).baseUrl());
            providers = Providers.simulated(settings, simulator);
        }
        int projectorPort =
                settings.isSet(Keys.PROJECTOR_PORT) ? settings.get(Keys.PROJECTOR_PORT) : 0;
        var projector = roles.projector(stack, MEMBER, projectorPort);
        var drain = settings.get(Keys.INGEST_DRAIN);
        roles.ingest(stack, providers, MEMBER, drain.compareTo(DRAIN_MAX) < 0 ? drain : DRAIN_MAX);
        Roles.awaitReady(projector);
        return new StandaloneNode(roles, providers, projector.address(), stack);
    }

    /** Starts one more edge and returns its address. */
    URI addEdge(int port) {
        return roles.edge(stack, providers, List.of(projector), port);
    }
}
