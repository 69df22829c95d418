package io.tidemark.edge.internal.http;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;

import org.jspecify.annotations.Nullable;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSourceConduit;

import java.io.IOException;

/**
 * Notices that the client of a streaming response is gone, by reading from a connection on which
 * nothing should arrive. Otherwise that would show only at the next write.
 *
 * <p>The end of the client's side counts as gone, even if it could still read. A request that is
 * pipelined behind the stream is put back for Undertow; from then on only writes tell. Confined to
 * the connection's I/O thread.
 */
final class PeerWatch {
    private final HttpServerConnection connection;
    private final ConduitStreamSourceChannel source;
    private final StreamSourceConduit raw;
    private final Runnable gone;
    private boolean stopped;

    private PeerWatch(HttpServerConnection connection, Runnable gone) {
        this.connection = connection;
        this.source = connection.getChannel().getSourceChannel();
        /* The channel's own conduits pretend that the connection ends where the request did. */
        this.raw = connection.getOriginalSourceConduit();
        this.gone = gone;
    }

    /** Starts to watch, once the request was read; null for a protocol that needs no watch. */
    static @Nullable PeerWatch start(HttpServerExchange exchange, Runnable gone) {
        if (!(exchange.getConnection() instanceof HttpServerConnection connection)) {
            return null;
        }
        var watch = new PeerWatch(connection, gone);
        if (connection.getExtraBytes() == null) {
            watch.source.setReadListener(watch::readable);
            watch.raw.resumeReads();
        }
        return watch;
    }

    private void readable(StreamSourceChannel channel) {
        if (stopped) {
            return;
        }
        var pooled = connection.getByteBufferPool().allocate();
        boolean kept = false;
        try {
            int read = raw.read(pooled.getBuffer());
            if (read < 0) {
                stop();
                gone.run();
            } else if (read > 0) {
                stop();
                kept = putBack(pooled);
            }
        } catch (IOException e) {
            stop();
            gone.run();
        } finally {
            if (!kept) {
                pooled.close();
            }
        }
    }

    private boolean putBack(PooledByteBuffer pooled) {
        pooled.getBuffer().flip();
        connection.ungetRequestBytes(pooled);
        return true;
    }

    /** Stops to watch; the connection is Undertow's again. */
    void stop() {
        if (!stopped) {
            stopped = true;
            raw.suspendReads();
        }
    }
}
