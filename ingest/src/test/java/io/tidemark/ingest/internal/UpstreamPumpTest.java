package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.ingest.IngestLimits;
import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.Resilience;
import io.tidemark.ingest.ResponseLimits;
import io.tidemark.ingest.UpstreamTimeouts;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A pump whose provider is the test and whose clock moves when told. */
class UpstreamPumpTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String CREATED =
            "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\"}}";
    private static final String COMPLETED =
            "{\"type\":\"response.completed\",\"response\":{\"status\":\"completed\",\"output\":[]}}";
    private static final UpstreamTimeouts TIMEOUTS =
            new UpstreamTimeouts(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(60));

    private final AtomicLong nanos = new AtomicLong();
    /* By how much the clock moves whenever it is read. */
    private long step;
    private final Mailbox mailbox = new Mailbox();
    private final List<EventBody> written = new CopyOnWriteArrayList<>();
    private final ResponsesApi api = new ResponsesApi();
    private final ProviderConfig config =
            new ProviderConfig(
                    "openai",
                    List.of(ResponsesApi.NAME),
                    URI.create("http://127.0.0.1:9/v1"),
                    null,
                    Map.of(),
                    1,
                    TIMEOUTS,
                    Resilience.defaults());
    /* Lets nobody through, so that nothing comes but what the test posts. */
    private final Provider provider =
            new Provider(
                    config,
                    new UpstreamClient(config),
                    new ConcurrencyGate(0),
                    new ProviderHealth("openai", Resilience.Breaker.defaults(), TestStreams.CLOCK),
                    new RetryBudget(1));

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void close() {
        logger.detachAppender(logged);
        provider.client().close();
    }

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(UpstreamPump.class);

    private UpstreamPump pump(Consumer<EventBody> writer) {
        var request = JsonNodeFactory.instance.objectNode().put("model", "m");
        return new UpstreamPump(
                new UpstreamPump.Surroundings(
                        IngestLimits.defaults(),
                        new IngestMetrics(new SimpleMeterRegistry()),
                        TestStreams.CLOCK,
                        () -> nanos.addAndGet(step)),
                TestStreams.mint(),
                provider,
                api.keyHeader(),
                new Prepared("/responses", "m", request),
                api.normaliser(new NormaliserContext("openai", request, ResponseLimits.defaults())),
                mailbox,
                draft -> {
                    written.add(draft.body());
                    writer.accept(draft.body());
                },
                nanos.get());
    }

    private void head() {
        head("text/event-stream");
    }

    private void head(String type) {
        mailbox.post(
                new Arrival.Head(
                        200,
                        HttpHeaders.of(Map.of("content-type", List.of(type)), (_, _) -> true)));
    }

    private void post(String text) {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
        mailbox.post(new Arrival.Bytes(List.of(bytes)));
    }

    private void frame(String data) {
        post("data: " + data + "\n\n");
    }

    @Test
    void doesNotBlameTheProviderForALogThatBlocks() throws Exception {
        var pump = pump(_ -> nanos.addAndGet(6 * SECOND));
        head();
        frame(CREATED);
        var running = Thread.ofPlatform().daemon().start(pump::run);
        await().atMost(PATIENCE)
                .until(() ->
                        running.getState() == Thread.State.TIMED_WAITING || !running.isAlive());

        frame(COMPLETED);

        assertThat(running.join(PATIENCE)).isTrue();
        assertThat(written.getLast()).isInstanceOf(Completed.class);
    }

    @Test
    void saysThatTheProviderWasNotReached() {
        var pump = pump(_ -> {});
        mailbox.post(
                new Arrival.Lost(new CompletionException(new ConnectException("to 10.0.0.1"))));

        pump.run();

        assertThat(written.getLast())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> {
                            assertThat(failed.code()).isEqualTo("connection_lost");
                            assertThat(failed.message())
                                    .isEqualTo("The provider could not be reached.");
                        });
        assertThat(logged.list)
                .singleElement()
                .satisfies(event ->
                        assertThat(event.getKeyValuePairs())
                                .extracting(pair -> pair.key)
                                .containsExactly("providerName", "streamId", "error"))
                .satisfies(event ->
                        assertThat(event.getKeyValuePairs().getLast().value)
                                .isEqualTo(ConnectException.class.getName()));
    }

    @Test
    void endsInTimeThoughBytesNeverStopComing() {
        var pump = pump(_ -> nanos.set(61 * SECOND));
        head();
        frame(CREATED);
        frame(COMPLETED);

        pump.run();

        assertThat(written.getLast())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("deadline_exceeded"));
    }

    @Test
    void saysWhatWasHeldBackThoughBytesNeverStopComing() {
        var pump = pump(_ -> {});
        head();
        frame("{\"type\":\"error\",\"code\":\"rate_limit_exceeded\",\"message\":\"slow\"}");
        for (int i = 0; i < 5; i++) {
            post(":\n\n");
        }
        frame(COMPLETED);
        step = SECOND / 10;

        pump.run();

        assertThat(written.getLast())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("rate_limited"));
    }

    @Test
    void readsAJsonArrayWhileItComesIn() {
        var pump = pump(_ -> {});
        head("application/json; charset=UTF-8");
        post("[" + CREATED);
        post("," + COMPLETED);
        post("]");
        mailbox.post(new Arrival.End());

        pump.run();

        assertThat(written.getLast()).isInstanceOf(Completed.class);
        assertThat(written).hasSize(2);
    }

    @Test
    void readsAJsonObjectWhenItIsWhole() {
        var pump = pump(_ -> {});
        head("application/json");
        post("{\"object\":\"response\",\"status\":\"completed\",");
        post("\"output\":[]}");
        mailbox.post(new Arrival.End());

        pump.run();

        assertThat(written.getLast()).isInstanceOf(Completed.class);
    }

    @Test
    void aJsonBodyOfWhichNothingComesInTimeIsNoAnswer() {
        var pump = pump(_ -> {});
        head("application/json");
        nanos.set(61 * SECOND);
        mailbox.post(new Arrival.Silence());

        pump.run();

        assertThat(written.getLast())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("protocol_error"));
    }

    @Test
    void aJsonArrayThatGoesOnForTooLongIsOutOfTime() {
        var pump = pump(_ -> {});
        head("application/json");
        nanos.set(61 * SECOND);
        post("[" + CREATED + ",");

        pump.run();

        assertThat(written.getLast())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("deadline_exceeded"));
    }
}
