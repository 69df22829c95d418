package io.tidemark.edge.internal.http;

import io.undertow.UndertowOptions;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.HttpOpenListener;

import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Undertow's HTTP listener with the threads that serve it, put together here rather than by {@code
 * io.undertow.Undertow}, which lets nobody see a connection before its first request. Thread-safe.
 */
final class Listener implements AutoCloseable {
    private static final int WORKER_THREADS = 2;
    private static final int BUFFER_BYTES = 16 * 1_024;
    private static final int BUFFERS_PER_THREAD = 4;
    private static final int BACKLOG = 4_096;
    private static final Duration STOP_MAX = Duration.ofSeconds(2);

    private final XnioWorker worker;
    private final AcceptingChannel<StreamConnection> server;

    private Listener(XnioWorker worker, AcceptingChannel<StreamConnection> server) {
        this.worker = worker;
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param connected told each connection, on its I/O thread, before anything is read from it
     * @throws UncheckedIOException if the address cannot be bound
     */
    static Listener open(
            HttpServer.Settings settings,
            HttpHandler handler,
            Consumer<StreamConnection> connected) {
        var http = new HttpOpenListener(buffers(), httpOptions(settings));
        http.setRootHandler(handler);
        var worker = worker(settings.ioThreads());
        try {
            var server =
                    worker.createStreamConnectionServer(
                            new InetSocketAddress(settings.host(), settings.port()),
                            ChannelListeners.openListenerAdapter(connection -> {
                                connected.accept(connection);
                                http.handleEvent(connection);
                            }),
                            socketOptions(settings));
            server.resumeAccepts();
            return new Listener(worker, server);
        } catch (IOException e) {
            worker.shutdownNow();
            throw new UncheckedIOException(
                    "cannot listen on " + settings.host() + ":" + settings.port(), e);
        }
    }

    private static DefaultByteBufferPool buffers() {
        return new DefaultByteBufferPool(true, BUFFER_BYTES, -1, BUFFERS_PER_THREAD);
    }

    private static XnioWorker worker(int ioThreads) {
        try {
            return Xnio.getInstance(Listener.class.getClassLoader())
                    .createWorker(
                            OptionMap.builder()
                                    .set(Options.WORKER_IO_THREADS, ioThreads)
                                    .set(Options.WORKER_TASK_CORE_THREADS, WORKER_THREADS)
                                    .set(Options.WORKER_TASK_MAX_THREADS, WORKER_THREADS)
                                    .getMap());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the threads for connections", e);
        }
    }

    private static OptionMap socketOptions(HttpServer.Settings settings) {
        return OptionMap.builder()
                .set(Options.WORKER_IO_THREADS, settings.ioThreads())
                .set(Options.TCP_NODELAY, true)
                .set(Options.REUSE_ADDRESSES, true)
                .set(Options.BALANCING_TOKENS, 1)
                .set(Options.BALANCING_CONNECTIONS, 2)
                .set(Options.BACKLOG, BACKLOG)
                .set(Options.CONNECTION_HIGH_WATER, settings.connectionsMax())
                .set(Options.CONNECTION_LOW_WATER, settings.connectionsMax())
                .getMap();
    }

    private static OptionMap httpOptions(HttpServer.Settings settings) {
        return OptionMap.builder()
                .set(UndertowOptions.MAX_HEADER_SIZE, settings.headerBytesMax())
                /* A body somewhat too large is read to its end, so that the client sees the answer. */
                .set(UndertowOptions.MAX_ENTITY_SIZE, 2L * settings.bodyBytesMax() + 1_048_576)
                .set(
                        UndertowOptions.REQUEST_PARSE_TIMEOUT,
                        (int) settings.requestTimeout().toMillis())
                .set(UndertowOptions.NO_REQUEST_TIMEOUT, (int) settings.keepAlive().toMillis())
                .set(UndertowOptions.ALWAYS_SET_DATE, true)
                .set(UndertowOptions.ENABLE_HTTP2, false)
                /* Else an event stream is held back while a request waits behind it. */
                .set(UndertowOptions.BUFFER_PIPELINED_DATA, false)
                .getMap();
    }

    /** Where it listens, with the port that is really bound. */
    InetSocketAddress address() {
        return server.getLocalAddress(InetSocketAddress.class);
    }

    /** Stops to listen and closes what is connected. */
    @Override
    public void close() {
        IoUtils.safeClose(server);
        worker.shutdown();
        try {
            if (!worker.awaitTermination(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                worker.shutdownNow();
            }
        } catch (InterruptedException e) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
