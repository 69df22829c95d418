package io.tidemark.edge;

import static io.tidemark.edge.Client.START;
import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.Test;

import java.time.Instant;

/** What one tenant may do, so that others may too. */
@RunsOnKafka
class TenantLimitsIT {
    @Test
    void aTenantThatStartsTooOftenIsToldWhenToComeBackAndOthersAreServed() throws Exception {
        var now = Instant.now();
        try (var world = new World()) {
            var config =
                    world.config()
                            .with(Tenants.access())
                            .with(TenantLimits.none().withStarts(new TenantLimits.Rate(1, 2)));
            var edge = world.edge(config, () -> now);
            try (var acme = new Client(edge, Tenants.ACME);
                    var globex = new Client(edge, Tenants.GLOBEX)) {
                assertThat(acme.post("/v1/streams", START).statusCode()).isEqualTo(201);
                assertThat(acme.post("/v1/streams", START).statusCode()).isEqualTo(201);

                var refused = acme.post("/v1/streams", START);

                assertThat(problem(refused, 429, "too_many_starts").path("limit").asText())
                        .isEqualTo("edge.tenant-starts-per-second");
                assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
                assertThat(globex.post("/v1/streams", START).statusCode()).isEqualTo(201);
                assertThat(world.commands()).hasSize(3);
            }
        }
    }

    @Test
    void aTenantThatAsksTooOftenIsToldWhenToComeBackAndOthersAreServed() throws Exception {
        var now = Instant.now();
        try (var world = new World()) {
            var limits = TenantLimits.none().withRequests(new TenantLimits.Rate(2, 3));
            var edge = world.edge(world.config().with(Tenants.access()).with(limits), () -> now);
            var unknown = Client.events(world.newId(), "");
            try (var acme = new Client(edge, Tenants.ACME);
                    var globex = new Client(edge, Tenants.GLOBEX);
                    var nobody = new Client(edge)) {
                for (int i = 0; i < 3; i++) {
                    assertThat(acme.get(unknown).statusCode()).isEqualTo(404);
                }

                var refused = acme.get(unknown);

                assertThat(problem(refused, 429, "too_many_requests").path("limit").asText())
                        .isEqualTo("edge.tenant-requests-per-second");
                assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
                problem(acme.post("/v1/streams", START), 429, "too_many_requests");
                problem(acme.get("/v1/nothing"), 429, "too_many_requests");
                assertThat(globex.get(unknown).statusCode()).isEqualTo(404);
                assertThat(nobody.get(unknown).statusCode()).isEqualTo(401);
                assertThat(acme.get("/healthz").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void aTenantWithAsManyReadersAsItMayHaveGetsNoMoreUntilOneLeaves() throws Exception {
        try (var world = new World()) {
            var limits = TenantLimits.none().withReaders(2);
            var edge = world.edge(world.config().with(Tenants.access()).with(limits));
            var writer = world.writer().of("acme").start();
            var others = world.writer().of("globex").start();
            try (var acme = new Client(edge, Tenants.ACME);
                    var globex = new Client(edge, Tenants.GLOBEX);
                    var first = acme.events(writer.id)) {
                first.take(1);
                try (var second = acme.events(writer.id)) {
                    second.take(1);

                    var refused = acme.get(Client.events(writer.id, ""));

                    assertThat(
                                    problem(refused, 429, "too_many_tenant_readers")
                                            .path("limit")
                                            .asText())
                            .isEqualTo("edge.tenant-readers-max");
                    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
                    try (var theirs = globex.events(others.id)) {
                        assertThat(theirs.take(1)).hasSize(1);
                    }
                }
                await().until(() -> world.readers() == 1);
                try (var third = acme.events(writer.id)) {
                    assertThat(third.take(1)).hasSize(1);
                }
            }
        }
    }
}
