package io.tidemark.ingest.internal;

import static java.util.function.Function.identity;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.ingest.IngestConfig;
import io.tidemark.ingest.RouteConfig;
import io.tidemark.ingest.internal.anthropic.MessagesApi;
import io.tidemark.ingest.internal.chat.ChatApi;
import io.tidemark.ingest.internal.google.GenerateApi;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.ingest.internal.transcription.TranscriptionApi;
import io.tidemark.seal.KeyRing;
import io.tidemark.seal.Keys;
import io.tidemark.seal.Opener;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The parts of a worker, wired by hand and closed in the right order: the loop first, then what the
 * streams use. Thread-safe.
 *
 * @param loop to be run on a thread of its own
 */
public record Worker(CommandLoop loop, List<Part> parts, Runnable killer) {
    /** Something that has to be closed. */
    public interface Part {
        /** Closes it; what is not done in that time is given up. */
        void close(Duration longest);
    }

    /** For what was made when the rest could not be. */
    private static final Duration UNMADE_CLOSE_MAX = Duration.ofSeconds(5);

    private static final List<ProviderApi> APIS =
            List.of(
                    new ResponsesApi(),
                    new ChatApi(),
                    new TranscriptionApi(),
                    new MessagesApi(),
                    new GenerateApi());

    /** Makes the parts; nothing runs yet. */
    public static Worker assemble(
            IngestConfig config, MeterRegistry registry, InstantSource clock) {
        var metrics = new IngestMetrics(registry);
        var clients = new KafkaClients(config);
        var parts = new ArrayList<Part>();
        try {
            var services = services(config, clients, metrics, clock, registry, parts);
            var letters = letters(config, clients, metrics);
            parts.add(_ -> letters.close());
            return new Worker(
                    new CommandLoop(
                            config, clients.commands(), clients::scanner, services, letters, clock),
                    parts,
                    () -> {
                        letters.close();
                        services.log().producer().kill();
                        services.commands().kill();
                    });
        } catch (RuntimeException e) {
            parts.forEach(part -> close(part, e));
            throw e;
        }
    }

    private static DeadLetters letters(
            IngestConfig config, KafkaClients clients, IngestMetrics metrics) {
        var topic =
                new DeadLetterTopic(
                        config.topics().deadLetters().name(),
                        clients::letterProducer,
                        clients::scanner,
                        config.timings().delivery());
        return new DeadLetters(topic, metrics);
    }

    /**
     * @param parts gets what has to be closed, as soon as it is made
     */
    private static StreamServices services(
            IngestConfig config,
            KafkaClients clients,
            IngestMetrics metrics,
            InstantSource clock,
            MeterRegistry registry,
            List<Part> parts) {
        var keys = keys(config, clock, registry, parts);
        var producer = new LogProducer(clients::producer, metrics);
        parts.add(producer::close);
        /* Nothing orders commands with events but acknowledgements, so neither fails the other. */
        var commands = new LogProducer(clients::commandProducer, metrics);
        parts.add(commands::close);
        var providers = new HashMap<String, Provider>();
        for (var provider : config.providers()) {
            var made = Provider.of(provider, clock);
            parts.add(made.client()::close);
            providers.put(provider.name(), made);
            metrics.watch(provider.name(), made.health());
        }
        var events = config.topics().events().name();
        var limits = config.limits();
        Supplier<Takeover> takeovers =
                () ->
                        new Takeover(
                                clients::scanner,
                                producer,
                                events,
                                config.topics().commands().name(),
                                config.timings().clockSkew(),
                                limits.takeoversMax(),
                                System::nanoTime);
        return new StreamServices(
                providers,
                config.routes().stream().collect(Collectors.toMap(RouteConfig::name, identity())),
                APIS.stream().collect(Collectors.toMap(ProviderApi::name, identity())),
                new EventWriter.Log(producer, events, limits.eventBytesMax(), clock, metrics),
                commands,
                config.topics().commands().name(),
                takeovers.get(),
                /* With permits of its own: our streams do not wait for those of others. */
                new SharedReadBack(takeovers.get()),
                keys,
                new UpstreamPump.Surroundings(limits, metrics, clock, System::nanoTime),
                config.workerId(),
                config.timings().retry());
    }

    /* Its keys are looked for in the topic only where there is a master key to open them with. */
    private static StreamKeys keys(
            IngestConfig config, InstantSource clock, MeterRegistry registry, List<Part> parts) {
        var counts = IngestMetrics.sealed(registry);
        if (config.masterKeys().isEmpty()) {
            return new StreamKeys(new Opener(Keys.NONE, counts), new SecureRandom());
        }
        var ring =
                KeyRing.start(
                        config.kafka(),
                        config.topics().keys().name(),
                        config.masterKeys(),
                        clock,
                        counts);
        parts.add(_ -> ring.close());
        return new StreamKeys(new Opener(ring, counts), new SecureRandom());
    }

    private static void close(Part part, RuntimeException failure) {
        try {
            part.close(UNMADE_CLOSE_MAX);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    public Worker {
        parts = List.copyOf(parts);
    }
}
