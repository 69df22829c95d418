package io.tidemark.edge;

import static io.tidemark.edge.Client.START;
import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Instant;

/** What one tenant may do, so that others may too. */
class TenantLimitsIT {
    @Test
    void aTenantThatStartsTooOftenIsToldWhenToComeBackAndOthersAreServed() throws Exception {
        var now = Instant.now();
        try (var world = new World()) {
            var config = world.config().with(Tenants.access()).with(new TenantLimits(1, 2));
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
}
