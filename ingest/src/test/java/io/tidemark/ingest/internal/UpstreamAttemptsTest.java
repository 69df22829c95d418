package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.ingest.IngestLimits;
import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.Resilience;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Outcome;
import io.tidemark.schemas.LifecycleBody.Status;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An end that is decided while no provider is being asked; each of them is suspended here. */
class UpstreamAttemptsTest {
    private final List<Provider> made = new ArrayList<>();
    private final List<EventBody> written = new ArrayList<>();
    private final CurrentPump current = new CurrentPump();
    /* What is done as soon as another provider is announced. */
    private @Nullable StopReason onRetrying;

    @AfterEach
    void close() {
        made.forEach(provider -> provider.client().close());
    }

    @Test
    void theFailureIsTheEndWhenNobodyDecidedAnother() {
        assertThat(asking(suspended("first")).run()).isTrue();

        assertThat(written)
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed ->
                                assertThat(failed.code())
                                        .isEqualTo(ErrorCode.PROVIDER_OVERLOADED.wire()));
    }

    @Test
    void aCancelGoesBeforeAFailureThatNobodyHasSeen() {
        var asking = asking(suspended("first"));
        current.stop(StopReason.CANCELLED);

        assertThat(asking.run()).isTrue();
        assertThat(written).singleElement().satisfies(UpstreamAttemptsTest::isCancelled);
    }

    @Test
    void aCancelWhileAnotherProviderIsAnnouncedIsTheEnd() {
        onRetrying = StopReason.CANCELLED;

        assertThat(asking(suspended("first"), suspended("second")).run()).isTrue();

        assertThat(written.getFirst()).isInstanceOf(Status.class);
        assertThat(written).hasSize(2).last().satisfies(UpstreamAttemptsTest::isCancelled);
    }

    @Test
    void anAbortIsTheEnd() {
        var asking = asking(suspended("first"));
        current.stop(StopReason.ABORTED);

        assertThat(asking.run()).isTrue();
        assertThat(written)
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.ABORTED.wire()));
    }

    @Test
    void nothingIsWrittenOfAStreamThatIsNotOursAnyMore() {
        var before = asking(suspended("first"));
        current.stop(StopReason.ABANDONED);

        assertThat(before.run()).isFalse();
        assertThat(written).isEmpty();
    }

    @Test
    void nothingMoreIsWrittenOnceAStreamIsNotOursAnyMore() {
        onRetrying = StopReason.ABANDONED;

        assertThat(asking(suspended("first"), suspended("second")).run()).isFalse();
        assertThat(written).singleElement().isInstanceOf(Status.class);
    }

    private static void isCancelled(EventBody body) {
        assertThat(body)
                .isInstanceOfSatisfying(
                        Completed.class,
                        end -> assertThat(end.outcome()).isEqualTo(Outcome.CANCELLED));
    }

    private UpstreamAttempts asking(Candidate... candidates) {
        var request = JsonNodeFactory.instance.objectNode().put("model", "m").put("input", "Hi");
        return new UpstreamAttempts(
                new UpstreamPump.Surroundings(
                        IngestLimits.defaults(),
                        new IngestMetrics(new SimpleMeterRegistry()),
                        TestStreams.CLOCK,
                        () -> 0),
                TestStreams.mint(),
                List.of(candidates),
                new Asked(false, request),
                1,
                current,
                this::write);
    }

    private void write(Draft draft) {
        written.add(draft.body());
        if (draft.body() instanceof Status && onRetrying != null) {
            current.stop(onRetrying);
        }
    }

    private Candidate suspended(String name) {
        var config =
                ProviderConfig.of(
                        name,
                        List.of(ResponsesApi.NAME),
                        URI.create("http://127.0.0.1:9/v1"),
                        null);
        var breaker = new Resilience.Breaker(2, 50, Duration.ofSeconds(10));
        var health = new ProviderHealth(name, breaker, TestStreams.CLOCK);
        while (health.admits()) {
            health.new Call().failed(ErrorCode.PROVIDER_ERROR);
        }
        var provider =
                new Provider(
                        config,
                        new UpstreamClient(config),
                        new ConcurrencyGate(1),
                        health,
                        new RetryBudget(1));
        made.add(provider);
        return new Candidate(provider, new ResponsesApi(), null);
    }
}
