package io.tidemark.devkit;

import io.tidemark.devkit.internal.Listener;
import io.tidemark.devkit.internal.ProxyConnections;

/**
 * A TCP proxy on 127.0.0.1 that breaks what goes through it on command: stands between a client and
 * a server, in a test or the demo, and is the bad network.
 *
 * <p>Bytes are forwarded as they come, and the end of either direction is passed on. Every
 * connection costs two virtual threads and two buffers of 16 KiB. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {

    /** How many connections it takes at a time unless told otherwise; the next is reset. */
    public static final int CONNECTIONS_MAX = 4_096;

    /** How a connection is cut. */
    public enum Cut {
        /** With RST: both ends see a connection reset. */
        RESET,
        /** With FIN: both ends see an orderly end, in the middle of whatever was said. */
        CLOSE
    }

    private final ProxyConnections connections;
    private final Listener listener;

    private FaultProxy(ProxyConnections connections, Listener listener) {
        this.connections = connections;
        this.listener = listener;
    }

    /**
     * Starts a proxy on a free port.
     *
     * @param targetHost where connections are forwarded to
     * @param targetPort and to which port
     * @return the running proxy, to be closed by the caller
     */
    public static FaultProxy start(String targetHost, int targetPort) {
        return start(0, targetHost, targetPort, CONNECTIONS_MAX);
    }

    /**
     * Starts a proxy.
     *
     * @param port the port to listen on, or 0 for a free one
     * @param targetHost where connections are forwarded to
     * @param targetPort and to which port
     * @param connectionsMax how many it takes at a time; the next is reset
     * @return the running proxy, to be closed by the caller
     * @throws java.io.UncheckedIOException if the port is taken
     */
    public static FaultProxy start(
            int port, String targetHost, int targetPort, int connectionsMax) {
        var connections = new ProxyConnections(targetHost, targetPort);
        return new FaultProxy(
                connections, Listener.start(port, connectionsMax, "fault-proxy", connections));
    }

    /** The port it listens on, at 127.0.0.1. */
    public int port() {
        return listener.port();
    }

    /** How many connections go through it now. */
    public int liveConnections() {
        return connections.live();
    }

    /** How many it has forwarded since it was started; refused ones do not count. */
    public long acceptedConnections() {
        return connections.accepted();
    }

    /**
     * Cuts every connection there is; those that come later are not touched.
     *
     * @return how many were cut
     */
    public int cutAll(Cut how) {
        return connections.cutAll(how);
    }

    /**
     * Cuts each of the next connections once so many bytes have gone from server to client,
     * exactly. Calls add up, in order; a connection that ends earlier has used up its turn.
     *
     * @param how with RST or FIN
     * @param bytes how many bytes the client gets
     * @param times how many connections
     * @throws IllegalArgumentException if more than 10,000 would be waiting
     */
    public void cutNextAfter(Cut how, long bytes, int times) {
        connections.cutNextAfter(how, bytes, times);
    }

    /** Takes back what {@link #cutNextAfter} has left. */
    public void cutNoMore() {
        connections.cutNoMore();
    }

    /** Whether new connections are reset instead of forwarded; those there are stay. */
    public void refuse(boolean refuse) {
        connections.refuse(refuse);
    }

    /**
     * Whether forwarding stops, in both directions, on all connections, without any being closed.
     * While it does, an end of a connection goes unnoticed, and {@link #cutAll} still works.
     */
    public void stall(boolean stall) {
        connections.stall(stall);
    }

    /** Stops listening and cuts all connections; takes 5 s at most. Later calls do nothing. */
    @Override
    public void close() {
        connections.close();
        listener.close();
    }
}
