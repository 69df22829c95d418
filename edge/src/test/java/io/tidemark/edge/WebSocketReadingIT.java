package io.tidemark.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.schemas.DeltaBody.TextDelta;
import io.tidemark.schemas.StreamId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A text message per event. */
class WebSocketReadingIT extends ReadingContract {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    Socket open(Client client, StreamId id, String query) throws Exception {
        return Socket.open(client, id, query);
    }

    @Override
    HttpResponse<String> ask(Client client, StreamId id, String query) throws Exception {
        return Handshake.of(client, id, query).answer();
    }

    @Test
    void theSocketSpeaksTheProtocolAndClosesNormallyBehindTheEnd() throws Exception {
        var writer = world().writer().start().complete();
        writer.flush();
        try (var socket = open(client(), writer.id, "")) {
            assertThat(socket.protocol()).isEqualTo("tidemark.v1");
            assertThat(socket.rest()).hasSize(2);
            assertThat(socket.closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void anEdgeThatLeavesSaysSoWhenItCloses() throws Exception {
        var writer = world().writer().start();
        var leaving = world().edge();
        try (var edge = new Client(leaving);
                var socket = open(edge, writer.id, "")) {
            socket.take(1);
            var draining = CompletableFuture.runAsync(leaving::drain);
            socket.rest();
            assertThat(socket.closeCode()).isEqualTo(1012);
            draining.join();
        }
    }

    @Test
    void whoAcknowledgesIsSentSoManyEventsBeyond() throws Exception {
        var writer = world().writer().start().deltas(9).complete();
        writer.flush();
        try (var socket = open(client(), writer.id, "?unacked=3&after=0")) {
            assertThat(socket.take(3)).isEqualTo(writer.written().subList(1, 4));
            var next = CompletableFuture.supplyAsync(() -> nextOf(socket));
            socket.say("{\"ack\":0}");
            socket.say("{\"ack\":1}");
            assertThat(next.join()).isEqualTo(writer.written().get(4));
            socket.say("{\"ack\":4}");
            assertThat(socket.take(3)).isEqualTo(writer.written().subList(5, 8));
            assertThat(socket.waiting()).isZero();
            socket.say("{\"ack\":7}");
            socket.take(3);
            assertThat(socket.rest()).isEmpty();
            assertThat(socket.closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void whoDoesNotAcknowledgeIsSentAwayLikeTheOthersAndMissesNothing() throws Exception {
        var writer = world().writer().start().deltas(9);
        writer.flush();
        var leaving = world().edge();
        try (var edge = new Client(leaving);
                var socket = open(edge, writer.id, "?unacked=2&types=text.*")) {
            socket.take(2);
            leaving.drain();
            assertThat(socket.rest()).isEmpty();
            assertThat(socket.closeCode()).isEqualTo(1012);
            assertThat(socket.tidemark()).isEqualTo(2);
        }
    }

    private static String nextOf(Socket socket) {
        try {
            return socket.take(1).getFirst();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"ack\":1}|ack must not be beyond 0",
                "{\"ack\":-1}|ack must be a whole number",
                "{\"ack\":\"0\"}|ack must be a whole number",
                "{\"ack\":0.5}|ack must be a whole number",
                "{\"ack\":0,\"ack\":0}|a message must be a JSON object with ack",
                "{\"ack\":0,\"more\":1}|ack and nothing else",
                "[0]|a message must be a JSON object with ack",
                "ack|a message must be a JSON object with ack"
            })
    void aMessageThatCannotBeUsedClosesTheSocketAndSaysWhy(String message, String reason)
            throws Exception {
        var writer = world().writer().start();
        writer.flush();
        try (var socket = open(client(), writer.id, "")) {
            socket.take(1);
            socket.say(message);
            socket.rest();
            assertThat(socket.closeCode()).isEqualTo(1008);
            assertThat(socket.closeReason()).contains(reason);
        }
    }

    @Test
    void binaryMessagesAndLargeOnesAreNotTaken() throws Exception {
        var writer = world().writer().start();
        writer.flush();
        try (var binary = open(client(), writer.id, "");
                var large = open(client(), writer.id, "")) {
            binary.say(ByteBuffer.allocate(4));
            binary.rest();
            assertThat(binary.closeCode()).isEqualTo(1008);
            large.say("x".repeat(1_025));
            large.rest();
            assertThat(large.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void aClientThatClosesIsNoReaderAnyMore() throws Exception {
        var writer = world().writer().start();
        writer.flush();
        try (var edge = new Client(world().edge());
                var socket = open(edge, writer.id, "")) {
            socket.take(1);
            assertThat(world().readers()).isEqualTo(1);
            socket.bye();
            await().atMost(PATIENCE).until(() -> world().readers() == 0);
            assertThat(world().count("tidemark.edge.disconnected")).isEqualTo(1);
        }
    }

    private static Client often() {
        return new Client(
                world().edge(
                                world().config()
                                        .with(
                                                new StreamingConfig(
                                                        Duration.ofMillis(50),
                                                        Duration.ofMillis(100),
                                                        Duration.ZERO))
                                        .with(
                                                new TimeoutsConfig(
                                                        Duration.ofSeconds(5),
                                                        Duration.ofSeconds(5),
                                                        Duration.ofMillis(200),
                                                        Duration.ofSeconds(5),
                                                        Duration.ofSeconds(2),
                                                        Duration.ofSeconds(1)))));
    }

    @Test
    void silenceIsFilledWithPingsAndOutlivesTheIdleTimeOfConnections() throws Exception {
        var writer = world().writer().start();
        writer.flush();
        try (var edge = often();
                var socket = open(edge, writer.id, "")) {
            socket.take(1);
            await().atMost(PATIENCE).until(() -> socket.pings() > 12);
            writer.complete();
            assertThat(socket.rest()).hasSize(1);
        }
    }

    @Test
    void aClientThatDoesNotAnswerPingsIsGone() throws Exception {
        var writer = world().writer().start();
        writer.flush();
        try (var edge = often();
                var raw = Handshake.of(edge, writer.id, "").raw()) {
            raw.readUntil("101 Switching Protocols");
            await().atMost(PATIENCE).until(() -> world().readers() == 1);
            await().atMost(PATIENCE).until(() -> world().readers() == 0);
            assertThat(world().count("tidemark.edge.disconnected")).isEqualTo(1);
        }
    }

    @Test
    void aClientThatTakesNoByteIsGone() throws Exception {
        var writer = world().writer().start();
        var padding = "x".repeat(100_000);
        for (int i = 0; i < 100; i++) {
            writer.write(new TextDelta(padding, null));
        }
        writer.flush();
        try (var edge = often();
                var raw = Handshake.of(edge, writer.id, "").raw()) {
            raw.readUntil("stream.started");
            await().atMost(PATIENCE).until(() -> world().readers() == 0);
            assertThat(world().count("tidemark.edge.disconnected")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-WebSocket-Version: 8,400,Sec-WebSocket-Version",
        "Sec-WebSocket-Key: abc,400,Sec-WebSocket-Key",
        "Sec-WebSocket-Protocol: chat,400,Sec-WebSocket-Protocol",
        "Origin: https://elsewhere.example,403,Origin",
        "Origin: null,403,Origin"
    })
    void aHandshakeThatCannotBeMadeIsRefusedByTheHeadersName(
            String header, int status, String field) throws Exception {
        var writer = world().writer().start();
        writer.flush();
        var answer = Handshake.of(client(), writer.id, "").with(header).answer();
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(Client.json(answer).path("field").asText()).isEqualTo(field);
    }

    @Test
    void aPageOfThisEdgeMayRead() throws Exception {
        var writer = world().writer().start().complete();
        writer.flush();
        for (var origin : List.of("http://EDGE.example:8080", "https://edge.example:8080")) {
            var handshake =
                    Handshake.of(client(), writer.id, "")
                            .with("Host: edge.example:8080")
                            .with("Origin: " + origin);
            try (var raw = handshake.raw()) {
                raw.readUntil("101 Switching Protocols");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"unacked=0", "unacked=1001", "unacked=x"})
    void aBoundBeyondTheBoundsIsRefused(String query) throws Exception {
        var answer = ask(client(), world().newId(), "?" + query);
        assertThat(Client.problem(answer, 400, "invalid_request").path("field").asText())
                .isEqualTo("unacked");
    }

    @Test
    void aLargeEventComesWhole() throws Exception {
        var writer = world().writer().start();
        writer.write(new TextDelta("ä".repeat(1_000_000), null));
        writer.complete().flush();
        try (var socket = open(client(), writer.id, "")) {
            assertThat(socket.rest()).isEqualTo(writer.written());
        }
    }
}
