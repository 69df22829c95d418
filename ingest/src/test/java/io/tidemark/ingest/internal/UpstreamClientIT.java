package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.Secret;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderApi.KeyHeader;
import io.tidemark.ingest.internal.RequestBody.Multipart;
import io.tidemark.ingest.internal.RequestBody.Part;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a provider receives. */
class UpstreamClientIT {
    /** A request as it arrived. */
    private record Received(String uri, String contentType, String key, String body) {}

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final Mailbox mailbox = new Mailbox();
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::receive);
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = exchange.getRequestHeaders();
            received.add(
                    new Received(
                            exchange.getRequestURI().toString(),
                            headers.getFirst("content-type"),
                            headers.getFirst("x-goog-api-key"),
                            new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private Received send(String basePath, Prepared prepared) throws InterruptedException {
        var base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + basePath);
        var config = ProviderConfig.of("test", List.of("any"), base, new Secret("key-1"));
        try (var client = new UpstreamClient(config);
                var _ = client.call(prepared, new KeyHeader("x-goog-api-key", ""), mailbox)) {
            assertThat(mailbox.take(Duration.ofSeconds(10))).isInstanceOf(Arrival.Head.class);
            return received.poll(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void jsonGoesToThePathOfItsVersionWithTheKeyInItsHeader() throws InterruptedException {
        var body = new RequestBody.Json(ProviderJson.newObject().put("a", "ü"));
        var path = new RequestPath("v1beta", "/models/m%3A1:streamGenerateContent?alt=sse");

        assertThat(send("/gateway", new Prepared(path, "m", body)))
                .isEqualTo(
                        new Received(
                                "/gateway/v1beta/models/m%3A1:streamGenerateContent?alt=sse",
                                "application/json", "key-1", "{\"a\":\"ü\"}"));
    }

    @Test
    void aFormGoesWithItsBoundary() throws InterruptedException {
        var file = new Part("file", "a.wav", "audio/wav", ByteBuffer.wrap(new byte[] {1, 2}));
        var form = Multipart.of(ProviderJson.newObject(), List.of(Part.text("model", "m"), file));

        var request = send("/v1", new Prepared(RequestPath.of("/audio"), "m", form));

        assertThat(request)
                .isEqualTo(
                        new Received(
                                "/v1/audio",
                                "multipart/form-data; boundary=" + form.boundary(),
                                "key-1",
                                new String(form.bytes(), UTF_8)));
    }
}
