package io.tidemark.devkit;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sees HTTP's chunks, and closes when it likes. Confined to one thread. */
final class RawClient implements AutoCloseable {

    private static final int READ_MS_MAX = 20_000;

    private final Socket socket;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
        socket.setSoTimeout(READ_MS_MAX);
    }

    void post(JsonNode body, String... headers) throws IOException {
        postTo("/v1/responses", body, List.of(headers));
    }

    /** A streaming request through any API, with a key. */
    void post(SimulatedApi api, String model, String... metadata) throws IOException {
        postTo(api.target(model), api.streaming(model, metadata), api.headerLines());
    }

    void post(SimulatedApi api, JsonNode body) throws IOException {
        postTo(api.target("sim-answer"), body, api.headerLines());
    }

    private void postTo(String target, JsonNode body, List<String> headers) throws IOException {
        var bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder("POST " + target + " HTTP/1.1\r\nhost: x\r\n");
        for (var header : headers) {
            head.append(header).append("\r\n");
        }
        send(head.append("content-length: ").append(bytes.length).append("\r\n\r\n").toString());
        socket.getOutputStream().write(bytes);
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    InputStream in() throws IOException {
        return socket.getInputStream();
    }

    /** The status line and headers, up to and without the empty line. */
    String readHead() throws IOException {
        var head = new StringBuilder();
        for (var line = readLine(); !line.isEmpty(); line = readLine()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    /** The chunks of a chunked body, up to its last. */
    List<byte[]> readChunks() throws IOException {
        var chunks = new ArrayList<byte[]>();
        for (var chunk = readChunk(); chunk.length > 0; chunk = readChunk()) {
            chunks.add(chunk);
        }
        return chunks;
    }

    /** The next chunk; empty if it is the last. */
    byte[] readChunk() throws IOException {
        var chunk = new byte[chunkSize()];
        new DataInputStream(in()).readFully(chunk);
        readLine();
        return chunk;
    }

    /** Makes later reads give up earlier. */
    void readAtMostMs(int timeoutMs) throws IOException {
        socket.setSoTimeout(timeoutMs);
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(readLine(), 16);
    }

    private String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (var b = in().read(); b != '\n'; b = in().read()) {
            if (b < 0) {
                throw new IOException("the connection ended after " + line.size() + " bytes");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
