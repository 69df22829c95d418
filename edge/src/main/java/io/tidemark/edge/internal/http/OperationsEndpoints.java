package io.tidemark.edge.internal.http;

import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What operators and their tools ask: is it alive, is it ready, how is it doing. Thread-safe. */
final class OperationsEndpoints {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final BooleanSupplier draining;
    private final Readiness readiness;
    private final Supplier<String> metricsScrape;

    OperationsEndpoints(
            BooleanSupplier draining, Readiness readiness, Supplier<String> metricsScrape) {
        this.draining = draining;
        this.readiness = readiness;
        this.metricsScrape = metricsScrape;
    }

    /** {@code GET /healthz}: the process answers. */
    void health(Call call) {
        call.answer(Reply.json(200, Map.of("status", "ok")));
    }

    /** {@code GET /readyz}: requests may be sent here. */
    void ready(Call call) {
        if (draining.getAsBoolean()) {
            throw new ProblemException(Problem.draining());
        }
        call.blocking(() -> {
            var problem = readiness.problem();
            call.onLoop(() -> {
                if (problem.isEmpty()) {
                    call.answer(Reply.json(200, Map.of("status", "ready")));
                } else {
                    call.answer(Problem.unavailable("not_ready", problem.get()));
                }
            });
        });
    }

    /** {@code GET /metrics}: all meters in Prometheus's text format. */
    void metrics(Call call) {
        call.blocking(() -> {
            var text = metricsScrape.get();
            call.onLoop(() -> call.answer(new Reply(200, PROMETHEUS, text, Map.of())));
        });
    }
}
