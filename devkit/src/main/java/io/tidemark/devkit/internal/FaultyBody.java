package io.tidemark.devkit.internal;

import io.tidemark.devkit.Chunking;
import io.tidemark.devkit.SimulatedFault;

import java.io.IOException;
import java.util.Optional;

/**
 * A body that counts what it sends and stops, to the byte, where a fault wants it to. Confined to
 * the connection's thread.
 */
final class FaultyBody {

    private final BodySink sink;
    private final RequestAccount account;
    private final boolean flushFrames;
    private final byte[] malformed;
    private final long endAfterBytes;
    private long malformedAfterBytes;
    private long written;

    FaultyBody(
            BodySink sink,
            Chunking chunking,
            RequestAccount account,
            Optional<SimulatedFault> fault,
            byte[] malformed) {
        this.sink = CuttingSink.cutting(chunking, sink);
        this.account = account;
        this.flushFrames = chunking instanceof Chunking.WholeFrames;
        this.malformed = malformed;
        this.endAfterBytes = fault.map(FaultyBody::endAfterBytes).orElse(Long.MAX_VALUE);
        this.malformedAfterBytes =
                fault.orElse(null) instanceof SimulatedFault.MalformedFrame(var afterBytes)
                        ? afterBytes
                        : Long.MAX_VALUE;
    }

    private static long endAfterBytes(SimulatedFault fault) {
        return switch (fault) {
            case SimulatedFault.Reset(var afterBytes) -> afterBytes;
            case SimulatedFault.Stall(var afterBytes) -> afterBytes;
            case SimulatedFault.EndOfBody(var afterBytes) -> afterBytes;
            case SimulatedFault.MalformedFrame(_), SimulatedFault.Status(_, _) -> Long.MAX_VALUE;
        };
    }

    /** Sends a frame, or as much of it as may be sent; false if the body has to stop here. */
    boolean write(byte[] frame, boolean token) throws IOException {
        if (written >= malformedAfterBytes) {
            malformedAfterBytes = Long.MAX_VALUE;
            writeUpToFault(malformed);
        }
        if (!writeUpToFault(frame)) {
            sink.flush();
            return false;
        }
        account.sentFrame(token);
        if (flushFrames) {
            sink.flush();
        }
        return true;
    }

    private boolean writeUpToFault(byte[] bytes) throws IOException {
        var count = (int) Math.min(bytes.length, endAfterBytes - written);
        sink.write(bytes, 0, count);
        written += count;
        account.sentBytes(count);
        return count == bytes.length;
    }

    void flush() throws IOException {
        sink.flush();
    }

    void end() throws IOException {
        sink.end();
    }
}
