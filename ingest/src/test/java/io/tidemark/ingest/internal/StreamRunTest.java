package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.schemas.Command;
import io.tidemark.schemas.CommandCodec;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.EventCodec;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Started;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

class StreamRunTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<WeakReference<JsonNode>> prompts = new CopyOnWriteArrayList<>();

    /** Notes the trees that hold the prompt. */
    private final class Noting implements ProviderApi {
        @Override
        public String name() {
            return ResponsesApi.NAME;
        }

        @Override
        public Preparation prepare(@Nullable JsonNode request) {
            ObjectNode body = requireNonNull(request, "request").deepCopy();
            prompts.add(new WeakReference<>(request));
            prompts.add(new WeakReference<>(body));
            return new Prepared("/responses", "m", body);
        }

        @Override
        public ObjectNode translate(NeutralRequest request) {
            throw new AssertionError("nothing is translated here");
        }

        @Override
        public Normaliser normaliser(NormaliserContext context) {
            return new ResponsesApi().normaliser(context);
        }
    }

    private static final StreamRun.Owner NOBODY =
            new StreamRun.Owner() {
                @Override
                public void finished(StreamRun run) {}

                @Override
                public void failed(StreamRun run) {}
            };

    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

    private StreamRun running(ServerSocket provider) {
        return running(
                TestStreams.services(
                        new Noting(),
                        kafka,
                        "http://127.0.0.1:" + provider.getLocalPort() + "/v1"));
    }

    private static StreamRun running(StreamServices services) {
        return running(TestStreams.start(TestStreams.mint()), services);
    }

    private static StreamRun running(Command.Start start, StreamServices services) {
        var run = new StreamRun(start, 0, null, services, NOBODY);
        Thread.ofVirtual().start(run);
        return run;
    }

    private static ServerSocket silent() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private List<EventBody> events() {
        return kafka.history().stream()
                .filter(record -> record.topic().equals("events") && record.value() != null)
                .map(record -> EventCodec.decode(record.value()).body())
                .toList();
    }

    private Completed end() {
        return (Completed) events().getLast();
    }

    @Test
    void aStreamThatNobodyReadsEndsAsCancelledForThatReason() throws Exception {
        try (var provider = silent()) {
            var run = running(provider);

            run.desert();

            assertThat(run.awaitOver(Duration.ofSeconds(10))).isTrue();
            assertThat(end().outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(end().finishReason()).isEqualTo("disconnected");
        }
    }

    /* Nothing would tell that it has ended, and its owner would try for ever. */
    @Test
    void aStartThatNoEventCanHoldIsCutAndEnded() throws Exception {
        var services =
                TestStreams.services(
                        new Noting(),
                        kafka,
                        "http://127.0.0.1:9/v1",
                        () -> new LogConsumer(kafka, "events"));
        var start = TestStreams.start(TestStreams.mint());
        var huge =
                new Command.Start(
                        start.requestId(),
                        start.at(),
                        start.api(),
                        start.provider(),
                        "m".repeat(2 << 20),
                        start.request(),
                        start.onDisconnect(),
                        null,
                        Map.of("k", "v".repeat(2 << 20)),
                        null,
                        null);

        var run = running(huge, services);

        assertThat(run.awaitOver(PATIENCE)).isTrue();
        var events = events();
        assertThat(events).hasSize(2);
        assertThat(events.getFirst())
                .isInstanceOfSatisfying(
                        Started.class,
                        started -> {
                            assertThat(started.model()).matches("m{1,256}");
                            assertThat(started.metadata()).isNull();
                        });
        assertThat(events.getLast()).isInstanceOf(Failed.class);
        assertThat(CommandCodec.decode(kafka.history().getLast().value()))
                .isInstanceOf(Command.Done.class);
    }

    /* A partition without leader would break every stream of the worker. */
    @Test
    void aCommandThatIsLostCostsNoEvent() throws Exception {
        var commands =
                new MockProducer<>(
                        false, null, new ByteArraySerializer(), new ByteArraySerializer());
        try (var provider = silent()) {
            var services =
                    TestStreams.services(
                            new Noting(),
                            kafka,
                            commands,
                            "http://127.0.0.1:" + provider.getLocalPort() + "/v1",
                            () -> {
                                throw new AssertionError("nothing is read back here");
                            });
            var run = running(services);
            run.cancel();
            await().atMost(PATIENCE).until(() -> !commands.history().isEmpty());

            assertThat(commands.errorNext(new TimeoutException("no leader"))).isTrue();

            assertThat(commands.closed()).isTrue();
            assertThat(kafka.closed()).isFalse();
            assertThat(end().outcome()).isEqualTo(Outcome.CANCELLED);
            run.abandon();
            assertThat(run.awaitOver(PATIENCE)).isTrue();
        }
    }

    @Test
    void holdsNoPromptWhileTheProviderIsWaitedFor() throws Exception {
        try (var provider = silent()) {
            var run = running(provider);

            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> {
                        System.gc();
                        assertThat(prompts).hasSize(2).allMatch(prompt -> prompt.refersTo(null));
                    });
            assertThat(run.awaitOver(Duration.ZERO)).isFalse();

            run.cancel();
            assertThat(run.awaitOver(Duration.ofSeconds(10))).isTrue();
        }
    }
}
