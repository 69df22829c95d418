package io.tidemark.ingest.internal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.ingest.IngestLimits;
import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.Resilience;
import io.tidemark.schemas.Attempt;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.ItemBody.Item;
import io.tidemark.schemas.ItemBody.ItemStarted;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.Topics;
import io.tidemark.seal.Opener;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Streams, commands and events for tests. */
final class TestStreams {
    static final InstantSource CLOCK =
            InstantSource.fixed(Instant.ofEpochMilli(1_795_000_000_000L));

    /** Where commands are. */
    static final String COMMANDS = Topics.defaults().commands().name();

    private static final Random RANDOM = new Random(7);

    private TestStreams() {}

    static StreamId mint() {
        return StreamId.mint(CLOCK, RANDOM, 0);
    }

    static Command.Start start(StreamId id) {
        return start(id, Command.OnDisconnect.CONTINUE);
    }

    static Command.Start start(StreamId id, Command.OnDisconnect policy) {
        return start(id, policy, null);
    }

    static Command.Start startOf(StreamId id, String tenant) {
        return start(id, Command.OnDisconnect.CONTINUE, tenant);
    }

    private static Command.Start start(
            StreamId id, Command.OnDisconnect policy, @Nullable String tenant) {
        return new Command.Start(
                id,
                CLOCK.millis(),
                "openai.responses",
                "openai",
                "some-model",
                JsonNodeFactory.instance.objectNode().put("model", "some-model"),
                policy,
                tenant,
                Map.of(),
                null);
    }

    /** What runs need: one provider, an api, a log. */
    static StreamServices services(ProviderApi api, Producer<byte[], byte[]> kafka) {
        return services(api, kafka, "http://127.0.0.1:9/v1");
    }

    /** The same with a provider that somebody answers for. */
    static StreamServices services(
            ProviderApi api, Producer<byte[], byte[]> kafka, String baseUrl) {
        return services(
                api,
                kafka,
                baseUrl,
                () -> {
                    throw new StackOverflowError("no log can be read here");
                });
    }

    /** The same with a log that can be read back. */
    static StreamServices services(
            ProviderApi api,
            Producer<byte[], byte[]> kafka,
            String baseUrl,
            Supplier<Consumer<byte[], byte[]>> scanners) {
        return services(api, kafka, kafka, baseUrl, scanners);
    }

    /** The same with commands that are written by another producer than events. */
    static StreamServices services(
            ProviderApi api,
            Producer<byte[], byte[]> kafka,
            Producer<byte[], byte[]> commands,
            String baseUrl,
            Supplier<Consumer<byte[], byte[]>> scanners) {
        return services(api, kafka, commands, baseUrl, scanners, Opener.withoutKeys());
    }

    /** The same with keys of encrypted streams, and nobody to answer. */
    static StreamServices services(ProviderApi api, Producer<byte[], byte[]> kafka, Opener opener) {
        return services(
                api,
                kafka,
                kafka,
                "http://127.0.0.1:9/v1",
                () -> {
                    throw new StackOverflowError("no log can be read here");
                },
                opener);
    }

    private static StreamServices services(
            ProviderApi api,
            Producer<byte[], byte[]> kafka,
            Producer<byte[], byte[]> commands,
            String baseUrl,
            Supplier<Consumer<byte[], byte[]>> scanners,
            Opener opener) {
        var metrics = new IngestMetrics(new SimpleMeterRegistry());
        var producer = new LogProducer(() -> kafka, metrics);
        var provider =
                ProviderConfig.of("openai", List.of(api.name()), URI.create(baseUrl), null)
                        .withResilience(Resilience.defaults().withAttemptsMax(1));
        var takeover =
                new Takeover(
                        scanners,
                        producer,
                        "events",
                        COMMANDS,
                        Duration.ofMinutes(1),
                        1,
                        System::nanoTime);
        return new StreamServices(
                Map.of("openai", Provider.of(provider, CLOCK)),
                Map.of(),
                Map.of(api.name(), api),
                new EventWriter.Log(producer, "events", 1 << 20, CLOCK, metrics),
                new LogProducer(() -> commands, metrics),
                COMMANDS,
                takeover,
                new SharedReadBack(takeover),
                new StreamKeys(opener, new SecureRandom()),
                new UpstreamPump.Surroundings(
                        IngestLimits.defaults(), metrics, CLOCK, System::nanoTime),
                "worker-1",
                Duration.ofMillis(1));
    }

    static StreamEvent event(StreamId id, long sequence, EventBody body) {
        return new StreamEvent(
                id, sequence, CLOCK.millis(), Placement.content(0, 0, "msg_1"), body);
    }

    static EventBody started(int attempt) {
        return StreamEnding.started(start(mint()), new Attempt(0, attempt));
    }

    static EventBody text(String text) {
        return new TextDelta(text, null);
    }

    static EventBody item() {
        return new ItemStarted(new Item("message", null, null, null, null, null, null, null));
    }
}
