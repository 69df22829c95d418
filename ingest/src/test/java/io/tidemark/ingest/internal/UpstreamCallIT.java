package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderApi.KeyHeader;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** What the other side of the socket sees of a call. */
class UpstreamCallIT {
    private static final int CHUNK_BYTES = 8192;

    private final AtomicLong sent = new AtomicLong();
    private final AtomicBoolean finished = new AtomicBoolean();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final Mailbox mailbox = new Mailbox();
    private ServerSocket server;
    private UpstreamClient client;

    /** Sends without end, as fast as it is let. */
    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(() -> {
                    try (var socket = server.accept()) {
                        flood(socket);
                    } catch (IOException e) {
                        broken.set(true);
                    }
                });
        client =
                new UpstreamClient(
                        ProviderConfig.of(
                                "test",
                                List.of("any"),
                                URI.create("http://127.0.0.1:" + server.getLocalPort()),
                                null));
    }

    private void flood(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        var _ = in.read(new byte[CHUNK_BYTES]);
        Thread.ofVirtual().start(() -> awaitEnd(in));
        OutputStream out = socket.getOutputStream();
        out.write(
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        var chunk = ":\n".repeat(CHUNK_BYTES / 2).getBytes(StandardCharsets.US_ASCII);
        while (true) {
            out.write(chunk);
            sent.addAndGet(chunk.length);
        }
    }

    private void awaitEnd(InputStream in) {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // A reset is an end as well.
        }
        finished.set(true);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    private UpstreamCall call() {
        var call =
                client.call(
                        new Prepared("/stream", "m", JsonNodeFactory.instance.objectNode()),
                        KeyHeader.BEARER,
                        mailbox);
        assertThat(mailbox.take(Duration.ofSeconds(10))).isInstanceOf(Arrival.Head.class);
        assertThat(mailbox.take(Duration.ofSeconds(10))).isInstanceOf(Arrival.Bytes.class);
        return call;
    }

    @Test
    void stopsReadingTheSocketUntilAskedForMore() {
        var call = call();

        var stopped = new AtomicLong(-1);
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> stopped.getAndSet(sent.get()) == sent.get());
        assertThat(mailbox.take(Duration.ZERO)).isInstanceOf(Arrival.Silence.class);

        for (int i = 0; i < 2000 && sent.get() == stopped.get(); i++) {
            call.more();
            assertThat(mailbox.take(Duration.ofSeconds(10))).isInstanceOf(Arrival.Bytes.class);
        }
        assertThat(sent.get()).isGreaterThan(stopped.get());
        call.close();
    }

    @Test
    void closesTheConnectionWhileNobodyReads() {
        var call = call();

        call.close();

        await().atMost(Duration.ofSeconds(1)).untilTrue(finished);
        await().atMost(Duration.ofSeconds(10)).untilTrue(broken);
        assertThat(mailbox.take(Duration.ofMillis(50))).isInstanceOf(Arrival.Silence.class);
    }
}
