package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.edge.internal.http.ProjectorClient.Answer;
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
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A projector that begins an answer and does not go on. */
class ProjectorClientIT {
    private static final StreamId ID = StreamId.mint(InstantSource.system(), new Random(1), 0);

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
                assertThat(answer.join()).isEqualTo(new Answer.Unavailable());
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

            assertThat(first.join()).isEqualTo(new Answer.Unavailable());
            assertThat(ask(client).join()).isEqualTo(new Answer.Unavailable());
        }
    }

    private static ProjectorClient client(ServerSocket server, Duration timeout) {
        return new ProjectorClient(
                URI.create("http://127.0.0.1:" + server.getLocalPort()), timeout, 1);
    }
}
