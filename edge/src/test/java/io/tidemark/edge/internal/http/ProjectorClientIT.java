package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.edge.FakeProjector;
import io.tidemark.edge.internal.http.ProjectorClient.Absent;
import io.tidemark.edge.internal.http.ProjectorClient.Answer;
import io.tidemark.edge.internal.live.EdgeMetrics;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Projectors that are gone, cannot say, or begin an answer and do not go on. */
class ProjectorClientIT {
    private static final StreamId ID = StreamId.mint(InstantSource.system(), new Random(1), 0);

    private static final Duration ENOUGH = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Answer SILENT = new Answer.Unavailable(Absent.unreachable());

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private static CompletableFuture<Answer> ask(ProjectorClient client) {
        var answer = new CompletableFuture<Answer>();
        client.response(ID, null, -1, answer::complete);
        return answer.orTimeout(20, TimeUnit.SECONDS);
    }

    private static Socket stalled(ServerSocket server) throws IOException {
        var socket = server.accept();
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(
                        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"
                                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void anAnswerThatStopsInItsBodyIsGivenUpAndItsConnectionClosed() throws Exception {
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var client = client(server, Duration.ofMillis(500))) {
            var answer = ask(client);
            try (var connection = stalled(server)) {
                assertThat(answer.join()).isEqualTo(SILENT);
                assertThat(connection.getInputStream().readAllBytes()).isNotEmpty();
            }
        }
    }

    @Test
    void oneQuestionMoreThanMayWaitIsTurnedAwayUntilThereIsRoom() throws Exception {
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var client = client(server, Duration.ofSeconds(1))) {
            var first = ask(client);
            assertThat(ask(client).join()).isEqualTo(new Answer.Busy());

            assertThat(first.join()).isEqualTo(SILENT);
            assertThat(ask(client).join()).isEqualTo(SILENT);
        }
    }

    @Test
    void theNextOneIsAskedWhereOneIsGone() throws Exception {
        try (var there = projector(200, "{}");
                var client = client(List.of(gone(), there.address()), ENOUGH)) {
            for (int question = 0; question < 4; question++) {
                assertThat(ask(client).join()).isEqualTo(new Answer.Found("{}"));
            }
            /* The one that is gone is asked once, and then last for a while. */
            assertThat(failedOver()).isEqualTo(1);
        }
    }

    @Test
    void theNextOneIsAskedWhereOneCannotSay() throws Exception {
        try (var cutOff = projector(503, "{\"code\":\"log_unreachable\"}");
                var there = projector(404, "");
                var client = client(List.of(cutOff.address(), there.address()), ENOUGH)) {
            assertThat(ask(client).join()).isEqualTo(new Answer.Unknown());
            assertThat(cutOff.asked).hasSize(1);
        }
    }

    @Test
    void whoIsBehindWouldBeAskedByTheNextOneToo() throws Exception {
        try (var behind = projector(503, "{\"code\":\"behind\"}");
                var there = projector(200, "{}");
                var client = client(List.of(behind.address(), there.address()), ENOUGH)) {
            assertThat(ask(client).join())
                    .isEqualTo(new Answer.Unavailable(new Absent("behind", List.of())));
            assertThat(there.asked).isEmpty();
        }
    }

    @Test
    void eachIsAskedOnceAndWhatOneSaysCountsForMoreThanThatAnotherIsGone() throws Exception {
        try (var restoring = projector(503, "{\"code\":\"restoring\",\"partitions\":[2,5]}");
                var client = client(List.of(gone(), restoring.address(), gone()), ENOUGH)) {
            assertThat(ask(client).join())
                    .isEqualTo(new Answer.Unavailable(new Absent("restoring", List.of(2, 5))));
            assertThat(restoring.asked).hasSize(1);
        }
    }

    @Test
    void oneThatSaysNothingCostsItsQuestionAndNotTheNext() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var there = projector(200, "{}");
                var client = client(List.of(address(silent), there.address()), SOON)) {
            assertThat(ask(client).join()).isEqualTo(SILENT);
            for (int question = 0; question < 4; question++) {
                assertThat(ask(client).join()).isEqualTo(new Answer.Found("{}"));
            }
        }
    }

    private double failedOver() {
        return meters.counter(EdgeMetrics.PROJECTOR_FAILED_OVER).count();
    }

    private static FakeProjector projector(int status, String body) {
        var projector = new FakeProjector();
        if (status == 200) {
            projector.responses.put(ID.toString(), body);
        } else if (status != 404) {
            projector.failure = status;
            projector.problem = body;
        }
        return projector;
    }

    private static URI gone() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return address(server);
        }
    }

    private static URI address(ServerSocket server) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    private ProjectorClient client(ServerSocket server, Duration timeout) {
        return client(List.of(address(server)), timeout);
    }

    private ProjectorClient client(List<URI> addresses, Duration timeout) {
        var metrics = new EdgeMetrics(meters, InstantSource.system());
        return new ProjectorClient(addresses, timeout, metrics, 1);
    }
}
