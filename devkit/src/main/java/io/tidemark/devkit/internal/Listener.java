package io.tidemark.devkit.internal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A listening socket that gives every connection a virtual thread, up to a number of them.
 * Thread-safe. {@link #close()} ends listening and every connection.
 */
public final class Listener implements AutoCloseable {

    /** What is done with a connection, on its own thread; the socket is closed afterwards. */
    public interface Handler {

        /** Serves an accepted connection until it ends. */
        void serve(Socket socket) throws IOException;

        /** Tells a connection that there are too many already; must not block for long. */
        void refuse(Socket socket) throws IOException;
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(Listener.class);
    private static final Duration STOP_MAX = Duration.ofSeconds(5);
    private static final int ACCEPT_BACKLOG = 4096;

    private final ServerSocket serverSocket;
    private final int connectionsMax;
    private final Handler handler;
    private final Set<Socket> live = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads;

    private Listener(ServerSocket serverSocket, int connectionsMax, Handler handler, String name) {
        this.serverSocket = serverSocket;
        this.connectionsMax = connectionsMax;
        this.handler = handler;
        this.threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name(name + "-", 0).factory());
    }

    /** Listens on the loopback; see {@link #start(String, int, int, String, Handler)}. */
    public static Listener start(int port, int connectionsMax, String name, Handler handler) {
        return start(Loopback.HOST, port, connectionsMax, name, handler);
    }

    /**
     * Listens, and accepts from now on.
     *
     * @param host the address, by number or by name
     * @param port the port, or 0 for a free one
     * @throws UncheckedIOException if the port is taken, or the host has no such address
     */
    public static Listener start(
            String host, int port, int connectionsMax, String name, Handler handler) {
        try {
            var serverSocket = new ServerSocket();
            try {
                serverSocket.setReuseAddress(true);
                serverSocket.bind(new InetSocketAddress(host, port), ACCEPT_BACKLOG);
            } catch (IOException e) {
                serverSocket.close();
                throw e;
            }
            var listener = new Listener(serverSocket, connectionsMax, handler, name);
            listener.threads.execute(listener::acceptUntilClosed);
            return listener;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot listen on " + host + ":" + port, e);
        }
    }

    /** An address that this machine reaches it at, as a URI has it. */
    public String host() {
        var address = serverSocket.getInetAddress();
        if (address.isAnyLocalAddress()) {
            return Loopback.HOST;
        }
        var literal = address.getHostAddress();
        return literal.contains(":") ? "[" + literal + "]" : literal;
    }

    /** The port it listens on. */
    public int port() {
        return serverSocket.getLocalPort();
    }

    /** How many connections there are. */
    public int connections() {
        return live.size();
    }

    private void acceptUntilClosed() {
        while (!serverSocket.isClosed()) {
            try {
                var socket = serverSocket.accept();
                var refused = live.size() >= connectionsMax;
                live.add(socket);
                threads.execute(() -> run(socket, refused));
            } catch (IOException e) {
                if (!serverSocket.isClosed()) {
                    LOGGER.atWarn().addKeyValue("error", e.toString()).log("accept failed");
                }
            }
        }
    }

    private void run(Socket socket, boolean refused) {
        try (socket) {
            socket.setTcpNoDelay(true);
            if (refused) {
                handler.refuse(socket);
            } else {
                handler.serve(socket);
            }
        } catch (IOException e) {
            LOGGER.atDebug().addKeyValue("error", e.toString()).log("connection ended");
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("connection handler failed");
        } finally {
            live.remove(socket);
        }
    }

    @Override
    public void close() {
        closeQuietly(serverSocket);
        live.forEach(Listener::closeQuietly);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOGGER.atDebug().addKeyValue("error", e.toString()).log("close failed");
        }
    }
}
