package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.edge.internal.access.Authenticator;
import io.tidemark.edge.internal.http.Router.Resource;
import io.tidemark.edge.internal.live.EdgeMetrics;
import io.undertow.Undertow;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the router makes of endpoints that go wrong. */
class RouterIT {
    private static HttpResponse<String> answerOf(Endpoint endpoint) throws Exception {
        var router =
                new Router(
                        Map.of("/", Resource.of("GET", null, endpoint)),
                        Map.of(),
                        new Cors(List.of()),
                        Authenticator.NONE,
                        new TenantRates(0, 1, 1, InstantSource.system()),
                        Runnable::run,
                        new EdgeMetrics(new SimpleMeterRegistry(), InstantSource.system()),
                        new PartitionCount(() -> 1, 1),
                        new ServedPartitions(Set.of(0), Map.of()),
                        new AtomicBoolean());
        var server = Undertow.builder().addHttpListener(0, "127.0.0.1").setHandler(router).build();
        server.start();
        try (var client = HttpClient.newHttpClient()) {
            var bound = (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
            var address = URI.create("http://127.0.0.1:" + bound.getPort() + "/");
            return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
        } finally {
            server.stop();
        }
    }

    @Test
    void anErrorIsAProblemToo() throws Exception {
        var answer =
                answerOf(_ -> {
                    throw new StackOverflowError();
                });

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        assertThat(answer.body()).contains("internal_error");
    }

    @Test
    void anAnswerThatIsNoErrorMayBeEmpty() throws Exception {
        var answer = answerOf(call -> call.answer(Reply.noContent()));

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
    }
}
