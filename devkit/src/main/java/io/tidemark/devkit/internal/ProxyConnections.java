package io.tidemark.devkit.internal;

import io.tidemark.devkit.FaultProxy.Cut;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The connections of a {@link io.tidemark.devkit.FaultProxy} and what is to befall them.
 * Thread-safe.
 */
public final class ProxyConnections implements Listener.Handler {

    private static final int CONNECT_MS_MAX = 10_000;
    private static final int PLANNED_MAX = 10_000;

    /** A cut in store for a connection. */
    record PlannedCut(Cut how, long afterBytes) {}

    private final String targetHost;
    private final int targetPort;
    private final FlowGate gate = new FlowGate();
    private final Set<ProxyConnection> live = ConcurrentHashMap.newKeySet();
    private final ArrayDeque<PlannedCut> planned = new ArrayDeque<>();
    private final AtomicLong accepted = new AtomicLong();
    private volatile boolean refusing;

    /** For a proxy to one target. */
    public ProxyConnections(String targetHost, int targetPort) {
        this.targetHost = targetHost;
        this.targetPort = targetPort;
    }

    @Override
    public void serve(Socket client) throws IOException {
        if (refusing) {
            refuse(client);
            return;
        }
        try (var server = new Socket()) {
            connect(client, server);
            var connection = new ProxyConnection(client, server, gate, nextPlanned());
            live.add(connection);
            accepted.incrementAndGet();
            try {
                connection.forward();
            } finally {
                live.remove(connection);
            }
        }
    }

    private void connect(Socket client, Socket server) throws IOException {
        try {
            server.setTcpNoDelay(true);
            server.connect(new InetSocketAddress(targetHost, targetPort), CONNECT_MS_MAX);
        } catch (IOException e) {
            refuse(client);
            throw e;
        }
    }

    @Override
    public void refuse(Socket client) throws IOException {
        client.setSoLinger(true, 0);
        client.close();
    }

    private @Nullable PlannedCut nextPlanned() {
        synchronized (planned) {
            return planned.pollFirst();
        }
    }

    /** Plans a cut for each of the next connections. */
    public void cutNextAfter(Cut how, long bytes, int times) {
        synchronized (planned) {
            if (times < 0 || bytes < 0 || planned.size() + (long) times > PLANNED_MAX) {
                throw new IllegalArgumentException(
                        "bytes and times must not be negative, nor more than "
                                + PLANNED_MAX
                                + " cuts be planned, found "
                                + bytes
                                + " and "
                                + times);
            }
            for (var i = 0; i < times; i++) {
                planned.addLast(new PlannedCut(how, bytes));
            }
        }
    }

    /** Forgets the plans. */
    public void cutNoMore() {
        synchronized (planned) {
            planned.clear();
        }
    }

    /** Cuts all there are. */
    public int cutAll(Cut how) {
        var count = 0;
        for (var connection : live) {
            connection.cut(how);
            count++;
        }
        gate.recheck();
        return count;
    }

    /** Whether new connections are reset. */
    public void refuse(boolean refuse) {
        refusing = refuse;
    }

    /** Whether bytes wait. */
    public void stall(boolean stall) {
        gate.close(stall);
    }

    /** How many there are. */
    public int live() {
        return live.size();
    }

    /** How many there were. */
    public long accepted() {
        return accepted.get();
    }

    /** Ends all of it. */
    public void close() {
        refusing = true;
        gate.close(false);
        cutAll(Cut.RESET);
    }
}
