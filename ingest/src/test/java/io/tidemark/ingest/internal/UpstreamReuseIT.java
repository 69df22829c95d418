package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderApi.KeyHeader;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection that was read to its end serves the next call, and is closed by no other. */
class UpstreamReuseIT {
    private static final int CALLS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 2\r\n\r\n:\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final AtomicInteger connections = new AtomicInteger();
    private ServerSocket server;
    private UpstreamClient client;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
        client =
                new UpstreamClient(
                        ProviderConfig.of(
                                "test",
                                List.of("any"),
                                URI.create("http://127.0.0.1:" + server.getLocalPort()),
                                null));
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    private void accept() {
        try {
            while (true) {
                var socket = server.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            var in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            while (readRequest(in)) {
                socket.getOutputStream().write(ANSWER);
            }
        } catch (IOException e) {
            // The client closed it.
        }
    }

    private static boolean readRequest(BufferedReader in) throws IOException {
        int body = 0;
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            if (line.isEmpty()) {
                return in.skip(body) == body;
            }
            var header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                body = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
            }
        }
        return false;
    }

    @Test
    void oneConnectionServesAllCallsThatFollowEachOther() {
        for (int i = 0; i < CALLS; i++) {
            var mailbox = new Mailbox();
            var call =
                    client.call(
                            new Prepared("/stream", "m", JsonNodeFactory.instance.objectNode()),
                            KeyHeader.BEARER,
                            mailbox);
            assertThat(mailbox.take(PATIENCE)).isInstanceOf(Arrival.Head.class);
            assertThat(mailbox.take(PATIENCE)).isInstanceOf(Arrival.Bytes.class);
            call.more();
            assertThat(mailbox.take(PATIENCE)).isInstanceOf(Arrival.End.class);

            call.close();
        }

        assertThat(connections).hasValue(1);
    }
}
