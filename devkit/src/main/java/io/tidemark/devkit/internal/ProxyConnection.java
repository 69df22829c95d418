package io.tidemark.devkit.internal;

import io.tidemark.devkit.FaultProxy.Cut;
import io.tidemark.devkit.internal.ProxyConnections.PlannedCut;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One connection through the proxy: two sockets and a thread for each direction. {@link #cut} may
 * be called from any thread.
 */
final class ProxyConnection {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProxyConnection.class);
    private static final int BUFFER_BYTES = 16 << 10;

    private final Socket client;
    private final Socket server;
    private final FlowGate gate;
    private final @Nullable PlannedCut planned;
    private final AtomicBoolean cut = new AtomicBoolean();

    ProxyConnection(Socket client, Socket server, FlowGate gate, @Nullable PlannedCut planned) {
        this.client = client;
        this.server = server;
        this.gate = gate;
        this.planned = planned;
    }

    /** Forwards both ways until both have ended. */
    void forward() {
        var upstream = Thread.startVirtualThread(() -> pump(client, server, null));
        pump(server, client, planned);
        try {
            upstream.join();
        } catch (InterruptedException e) {
            cut(Cut.RESET);
            Thread.currentThread().interrupt();
        }
    }

    private void pump(Socket from, Socket to, @Nullable PlannedCut plan) {
        try {
            var left = plan == null ? Long.MAX_VALUE : plan.afterBytes();
            var buffer = new byte[BUFFER_BYTES];
            while (left > 0) {
                var count =
                        from.getInputStream().read(buffer, 0, (int) Math.min(BUFFER_BYTES, left));
                if (count < 0) {
                    to.shutdownOutput();
                    return;
                }
                gate.pass(client::isClosed);
                to.getOutputStream().write(buffer, 0, count);
                left -= count;
            }
            cut(plan == null ? Cut.RESET : plan.how());
        } catch (IOException e) {
            LOGGER.atDebug().addKeyValue("error", e.toString()).log("proxied connection broke");
            cut(Cut.RESET);
        }
    }

    /** Ends both sides now; the first way asked for counts. */
    void cut(Cut how) {
        if (cut.compareAndSet(false, true)) {
            cut(client, how);
            cut(server, how);
        }
    }

    private static void cut(Socket socket, Cut how) {
        try {
            if (how == Cut.RESET && !socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException e) {
            LOGGER.atDebug().addKeyValue("error", e.toString()).log("socket did not close");
        }
    }
}
