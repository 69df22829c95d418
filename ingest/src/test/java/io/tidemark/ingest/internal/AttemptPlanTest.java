package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.Resilience;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.LifecycleBody.Failed;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class AttemptPlanTest {
    private final List<Provider> made = new ArrayList<>();
    private final Candidate first = candidate("first", Resilience.defaults());
    private final Candidate second = candidate("second", Resilience.defaults());

    @AfterEach
    void close() {
        made.forEach(provider -> provider.client().close());
    }

    @Test
    void asksTheSameAgainWhileItsAttemptsLast() {
        var plan = new AttemptPlan(List.of(first));

        assertThat(plan.after(failed(ErrorCode.PROVIDER_ERROR), false)).isInstanceOf(again());
        assertThat(plan.after(failed(ErrorCode.PROVIDER_ERROR), false)).isInstanceOf(again());
        assertThat(plan.after(failed(ErrorCode.PROVIDER_ERROR), false)).isInstanceOf(none());
    }

    @Test
    void waitsLongerEachTimeAndNeverTheSame() {
        var waits = new ArrayList<Duration>();
        for (int i = 0; i < 5; i++) {
            var plan = new AttemptPlan(List.of(candidate("p" + i, Resilience.defaults())));
            waits.add(pause(plan.after(failed(ErrorCode.PROVIDER_ERROR), false)));
            assertThat(pause(plan.after(failed(ErrorCode.PROVIDER_ERROR), false)))
                    .isBetween(Duration.ofMillis(250), Duration.ofMillis(750));
        }

        assertThat(waits)
                .allSatisfy(wait ->
                        assertThat(wait).isBetween(Duration.ofMillis(125), Duration.ofMillis(375)));
        assertThat(waits.stream().distinct()).hasSizeGreaterThan(1);
    }

    @Test
    void waitsAsLongAsTheProviderAsks() {
        var plan = new AttemptPlan(List.of(first));

        assertThat(pause(plan.after(asking(Duration.ofSeconds(7)), false)))
                .isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void takesAnotherOneRatherThanWaitTooLong() {
        var plan = new AttemptPlan(List.of(first, second));

        assertThat(plan.after(asking(Duration.ofSeconds(31)), false))
                .isEqualTo(new NextAttempt.Other(second));
        assertThat(plan.current()).isEqualTo(second);
    }

    @Test
    void goesOnToTheNextWhenTheAttemptsAreUsedUpAndCountsAnew() {
        var plan = new AttemptPlan(List.of(first, second));
        plan.after(failed(ErrorCode.PROVIDER_OVERLOADED), false);
        plan.after(failed(ErrorCode.PROVIDER_OVERLOADED), false);

        assertThat(plan.after(failed(ErrorCode.PROVIDER_OVERLOADED), false))
                .isInstanceOf(NextAttempt.Other.class);
        assertThat(plan.after(failed(ErrorCode.PROVIDER_OVERLOADED), false)).isInstanceOf(again());
    }

    @Test
    void doesNotWaitForOneThatIsSuspended() {
        var plan = new AttemptPlan(List.of(first, second));

        assertThat(plan.after(failed(ErrorCode.PROVIDER_OVERLOADED), true))
                .isInstanceOf(NextAttempt.Other.class);
        assertThat(plan.after(failed(ErrorCode.PROVIDER_OVERLOADED), true)).isInstanceOf(none());
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {
                "INVALID_REQUEST",
                "CONTEXT_LENGTH_EXCEEDED",
                "CONTENT_BLOCKED",
                "DEADLINE_EXCEEDED",
                "ABORTED",
                "INTERNAL_ERROR"
            })
    void whatIsNotTheProvidersFaultIsNobodyElsesToTry(ErrorCode code) {
        var plan = new AttemptPlan(List.of(first, second));

        assertThat(plan.after(failed(code), false)).isInstanceOf(none());
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {
                "AUTHENTICATION_FAILED",
                "PERMISSION_DENIED",
                "QUOTA_EXHAUSTED",
                "NOT_FOUND",
                "PROTOCOL_ERROR"
            })
    void whatWillNotPassIsNotAskedAgainButOfAnother(ErrorCode code) {
        var plan = new AttemptPlan(List.of(first, second));

        assertThat(plan.after(failed(code), false)).isInstanceOf(NextAttempt.Other.class);
    }

    @Test
    void theRetriesOfAllStreamsTogetherAreLimited() {
        int retried = 0;
        for (int stream = 0; stream < 100; stream++) {
            var next =
                    new AttemptPlan(List.of(first)).after(failed(ErrorCode.PROVIDER_ERROR), false);
            retried += next instanceof NextAttempt.Again ? 1 : 0;
        }

        /* Ten that were saved up, and one for five calls. */
        assertThat(retried).isBetween(28, 31);
    }

    @Test
    void knowsWhenNobodyIsLeft() {
        var once = candidate("once", Resilience.defaults().withAttemptsMax(1));

        assertThat(new AttemptPlan(List.of(once)).moreMayFollow()).isFalse();
        assertThat(new AttemptPlan(List.of(once, second)).moreMayFollow()).isTrue();
        assertThat(new AttemptPlan(List.of(first)).moreMayFollow()).isTrue();
    }

    private Candidate candidate(String name, Resilience resilience) {
        var config =
                ProviderConfig.of(
                                name,
                                List.of(ResponsesApi.NAME),
                                URI.create("http://127.0.0.1:9/v1"),
                                null)
                        .withResilience(resilience);
        var provider = Provider.of(config, TestStreams.CLOCK);
        made.add(provider);
        return new Candidate(provider, new ResponsesApi(), null);
    }

    private static Duration pause(NextAttempt next) {
        return next instanceof NextAttempt.Again(var pause) ? pause : Duration.ofDays(-1);
    }

    private static Class<NextAttempt.Again> again() {
        return NextAttempt.Again.class;
    }

    private static Class<NextAttempt.None> none() {
        return NextAttempt.None.class;
    }

    private static Failed failed(ErrorCode code) {
        return failed(code, null);
    }

    private static Failed asking(Duration wait) {
        return failed(ErrorCode.RATE_LIMITED, wait.toMillis());
    }

    private static Failed failed(ErrorCode code, @Nullable Long retryAfterMs) {
        return new Failed(
                code.wire(),
                "It failed.",
                code.retryable(),
                retryAfterMs,
                false,
                null,
                null,
                null,
                null);
    }
}
