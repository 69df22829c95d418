package io.tidemark.edge;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client that sends whatever it is told to. */
final class RawHttp implements AutoCloseable {
    private static final int MOMENT_MS = 50;

    private final Socket socket;
    private final InputStream in;

    RawHttp(URI address) throws IOException {
        socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(address.getHost(), address.getPort()));
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    void send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Sends what can be sent until the other side has had enough. */
    void sendAsFarAsItIsTaken(String bytes) {
        try {
            send(bytes);
        } catch (IOException e) {
            // What it says about it is to be read.
        }
    }

    /** Says that nothing more comes from here. */
    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** What comes until the other side closes, or says nothing for a moment. */
    String readForAMoment() throws IOException {
        socket.setSoTimeout(MOMENT_MS);
        var got = new ByteArrayOutputStream();
        try {
            in.transferTo(got);
        } catch (IOException e) {
            // It has closed hard, or says no more.
        }
        return got.toString(StandardCharsets.UTF_8);
    }

    /** Reads until the other side closes, in whatever way. */
    void readToItsEnd() {
        try {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (SocketTimeoutException e) {
            throw new AssertionError("not closed", e);
        } catch (IOException e) {
            // That is an end too.
        }
    }

    /** Everything until the other side closes. */
    String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** So many bytes, as text. */
    String read(int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** What comes until a text has come. */
    String readUntil(String text) throws IOException {
        var got = new StringBuilder();
        while (got.indexOf(text, got.length() - text.length()) < 0) {
            int b = in.read();
            if (b < 0) {
                throw new AssertionError("closed after: " + got);
            }
            got.append((char) b);
        }
        return got.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
