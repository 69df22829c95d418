package io.tidemark.ingest.internal;

import static java.util.function.Function.identity;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.ingest.IngestConfig;
import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.internal.openai.ResponsesApi;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The parts of a worker, wired by hand and closed in the right order: the loop first, then what the
 * streams use. Thread-safe.
 *
 * @param loop to be run on a thread of its own
 */
public record Worker(CommandLoop loop, List<AutoCloseable> parts, Runnable killer) {
    private static final List<ProviderApi> APIS = List.of(new ResponsesApi());

    /** Makes the parts; nothing runs yet. */
    public static Worker assemble(
            IngestConfig config, MeterRegistry registry, InstantSource clock) {
        var clients = new KafkaClients(config);
        var metrics = new IngestMetrics(registry);
        var providers = providers(config.providers());
        var producer = new LogProducer(clients::producer, config.timings().delivery(), metrics);
        var events = config.topics().events().name();
        var limits = config.limits();
        var services =
                new StreamServices(
                        providers,
                        APIS.stream().collect(Collectors.toMap(ProviderApi::name, identity())),
                        new EventWriter.Log(
                                producer, events, limits.eventBytesMax(), clock, metrics),
                        config.topics().commands().name(),
                        new Takeover(
                                clients::scanner,
                                producer,
                                events,
                                config.timings().clockSkew(),
                                limits.takeoversMax()),
                        new UpstreamPump.Surroundings(limits, metrics, clock, System::nanoTime),
                        config.workerId(),
                        config.timings().retry());
        var parts = new ArrayList<AutoCloseable>();
        parts.add(producer);
        providers.values().forEach(provider -> parts.add(provider.client()));
        return new Worker(
                new CommandLoop(config, clients.commands(), services, metrics, clock),
                parts,
                producer::kill);
    }

    public Worker {
        parts = List.copyOf(parts);
    }

    private static Map<String, Provider> providers(List<ProviderConfig> configs) {
        return configs.stream().collect(Collectors.toMap(ProviderConfig::name, Provider::of));
    }
}
