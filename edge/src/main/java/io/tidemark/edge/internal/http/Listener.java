package io.tidemark.edge.internal.http;

import io.undertow.UndertowOptions;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.AlpnOpenListener;
import io.undertow.server.protocol.http.HttpOpenListener;
import io.undertow.server.protocol.http2.Http2OpenListener;

import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;
import org.xnio.ssl.SslConnection;

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
    private static final int REQUESTS_PER_CONNECTION_MAX = 256;
    private static final int HTTP2_WEIGHT = 10;
    private static final Duration STOP_MAX = Duration.ofSeconds(2);

    private final XnioWorker worker;
    private final AcceptingChannel<? extends StreamConnection> server;
    private final @Nullable TlsReload reload;

    private Listener(
            XnioWorker worker,
            AcceptingChannel<? extends StreamConnection> server,
            @Nullable TlsReload reload) {
        this.worker = worker;
        this.server = server;
        this.reload = reload;
    }

    /**
     * Starts to listen.
     *
     * @param connected told each connection, on its I/O thread, before anything is read from it
     * @throws UncheckedIOException if the address cannot be bound
     * @throws IllegalArgumentException if the files of TLS cannot be used, naming the one
     */
    static Listener open(
            HttpServer.Settings settings,
            HttpHandler handler,
            Consumer<StreamConnection> connected) {
        var worker = worker(settings.ioThreads());
        try {
            var listener =
                    settings.tls() == null
                            ? plain(worker, settings, handler, connected)
                            : secure(worker, settings, settings.tls(), handler, connected);
            listener.server.resumeAccepts();
            return listener;
        } catch (IOException e) {
            worker.shutdownNow();
            throw new UncheckedIOException(
                    "cannot listen on " + settings.host() + ":" + settings.port(), e);
        } catch (TlsException e) {
            worker.shutdownNow();
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Listener plain(
            XnioWorker worker,
            HttpServer.Settings settings,
            HttpHandler handler,
            Consumer<StreamConnection> connected)
            throws IOException {
        var http = new HttpOpenListener(buffers(), httpOptions(settings));
        http.setRootHandler(handler);
        var server =
                worker.createStreamConnectionServer(
                        new InetSocketAddress(settings.host(), settings.port()),
                        ChannelListeners.openListenerAdapter(connection -> {
                            connected.accept(connection);
                            http.handleEvent(connection);
                        }),
                        socketOptions(settings));
        return new Listener(worker, server, null);
    }

    private static Listener secure(
            XnioWorker worker,
            HttpServer.Settings settings,
            TlsFiles files,
            HttpHandler handler,
            Consumer<StreamConnection> connected)
            throws IOException, TlsException {
        var material = TlsMaterial.read(files.certificate(), files.key());
        var ssl = new UndertowXnioSsl(worker.getXnio(), OptionMap.EMPTY, material.context());
        var negotiated = negotiated(settings, handler);
        var server =
                ssl.createSslConnectionServer(
                        worker,
                        new InetSocketAddress(settings.host(), settings.port()),
                        ChannelListeners.<SslConnection>openListenerAdapter(connection -> {
                            connected.accept(connection);
                            limitHandshake(connection, settings.requestTimeout());
                            negotiated.handleEvent(connection);
                        }),
                        socketOptions(settings));
        var reload = TlsReload.start(material, files.lookAgain(), ssl::updateSSLContext);
        return new Listener(worker, server, reload);
    }

    /* HTTP/2 where the client offers it (ALPN, RFC 7301), else HTTP/1.1. */
    private static AlpnOpenListener negotiated(HttpServer.Settings settings, HttpHandler handler) {
        var buffers = buffers();
        var options =
                OptionMap.builder()
                        .addAll(httpOptions(settings))
                        .set(UndertowOptions.ENABLE_HTTP2, true)
                        .set(
                                UndertowOptions.HTTP2_SETTINGS_MAX_CONCURRENT_STREAMS,
                                REQUESTS_PER_CONNECTION_MAX)
                        .getMap();
        var http = new HttpOpenListener(buffers, options);
        http.setRootHandler(handler);
        var http2 = new Http2OpenListener(buffers, options);
        http2.setRootHandler(handler);
        return new AlpnOpenListener(buffers, options, http)
                .addProtocol(Http2OpenListener.HTTP2, http2, HTTP2_WEIGHT);
    }

    /* Else whoever connects and says nothing keeps a connection from others. */
    private static void limitHandshake(SslConnection connection, Duration max) {
        var timer =
                connection
                        .getIoThread()
                        .executeAfter(
                                () -> IoUtils.safeClose(connection),
                                max.toMillis(),
                                TimeUnit.MILLISECONDS);
        connection.getHandshakeSetter().set(_ -> timer.remove());
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
        if (reload != null) {
            reload.close();
        }
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
