package io.tidemark.edge;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The JDK's WebSocket, which is asked for one message at a time. */
final class Socket implements ReadingContract.Reading, WebSocket.Listener {
    private static final String CLOSED = "";

    private final HttpClient http = HttpClient.newHttpClient();
    private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final AtomicInteger pings = new AtomicInteger();
    private final StringBuilder parts = new StringBuilder();
    private @Nullable WebSocket socket;
    private volatile int closeCode = -1;
    private volatile String closeReason = "";
    private volatile long tidemark = -1;
    private boolean over;

    static Socket open(Client client, StreamId id, String query) throws Exception {
        var opened = new Socket();
        var place = client.base().resolve(Client.events(id, query)).toString();
        opened.socket =
                opened.http
                        .newWebSocketBuilder()
                        .subprotocols("tidemark.v1")
                        .buildAsync(URI.create(place.replaceFirst("^http", "ws")), opened)
                        .get(20, TimeUnit.SECONDS);
        return opened;
    }

    private WebSocket socket() {
        return requireNonNull(socket);
    }

    String protocol() {
        return socket().getSubprotocol();
    }

    int closeCode() {
        return closeCode;
    }

    String closeReason() {
        return closeReason;
    }

    int pings() {
        return pings.get();
    }

    /** Messages that came and were not taken. */
    int waiting() {
        return messages.size();
    }

    void say(String text) throws Exception {
        socket().sendText(text, true).get(20, TimeUnit.SECONDS);
    }

    void say(ByteBuffer bytes) throws Exception {
        socket().sendBinary(bytes, true).get(20, TimeUnit.SECONDS);
    }

    void bye() throws Exception {
        socket().sendClose(WebSocket.NORMAL_CLOSURE, "").get(20, TimeUnit.SECONDS);
    }

    @Override
    public @Nullable String next() throws Exception {
        while (!over) {
            var message = messages.poll(20, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("nothing came");
            }
            over = message.equals(CLOSED);
            if (!over) {
                var json = Client.JSON.readTree(message);
                tidemark = json.path("sequence").asLong(tidemark);
                if (!json.path("type").asText().equals("tidemark")) {
                    return message;
                }
            }
        }
        return null;
    }

    @Override
    public long tidemark() {
        return tidemark;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        parts.append(data);
        if (last) {
            messages.add(parts.toString());
            parts.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
        pings.incrementAndGet();
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
        closeCode = statusCode;
        closeReason = reason;
        messages.add(CLOSED);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        messages.add(CLOSED);
    }

    @Override
    public void close() {
        socket().abort();
        http.shutdownNow();
    }
}
