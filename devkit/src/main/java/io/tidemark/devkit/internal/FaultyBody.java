package io.tidemark.devkit.internal;

import io.tidemark.devkit.Chunking;
import io.tidemark.devkit.SimulatedFault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A body that counts what it sends and stops, to the byte, where a fault wants it to; and that puts
 * text of any length where a {@link Speech#FILLER} stands, without having it all at once. Confined
 * to the connection's thread.
 */
final class FaultyBody {

    private static final byte[] FILLER = Speech.FILLER.getBytes(StandardCharsets.UTF_8);
    private static final byte[] FILL = new byte[16 << 10];

    static {
        Arrays.fill(FILL, (byte) 'x');
    }

    private final BodySink sink;
    private final RequestAccount account;
    private final boolean flushFrames;
    private final byte[] malformed;
    private final long endAfterBytes;
    private final long fillBytes;
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
        this.endAfterBytes =
                fault.orElse(null) instanceof SimulatedFault.Cut cut
                        ? cut.afterBytes()
                        : Long.MAX_VALUE;
        this.fillBytes =
                fault.orElse(null) instanceof SimulatedFault.Excess excess ? fillBytes(excess) : 0;
        this.malformedAfterBytes =
                fault.orElse(null) instanceof SimulatedFault.MalformedFrame(var afterBytes)
                        ? afterBytes
                        : Long.MAX_VALUE;
    }

    private static long fillBytes(SimulatedFault.Excess excess) {
        return switch (excess) {
            case SimulatedFault.HugeFrame(var bytes) -> bytes;
            case SimulatedFault.Endless() -> Long.MAX_VALUE;
            case SimulatedFault.ManyItems(_) -> 0;
        };
    }

    /** Sends a frame, or as much of it as may be sent; false if the body has to stop here. */
    boolean write(byte[] frame, boolean token) throws IOException {
        if (written >= malformedAfterBytes) {
            malformedAfterBytes = Long.MAX_VALUE;
            writeUpToFault(malformed, 0, malformed.length);
        }
        if (!writeFilled(frame)) {
            sink.flush();
            return false;
        }
        account.sentFrame(token);
        if (flushFrames) {
            sink.flush();
        }
        return true;
    }

    private boolean writeFilled(byte[] frame) throws IOException {
        var from = 0;
        if (fillBytes > 0) {
            for (var at = fillerIn(frame, 0); at >= 0; at = fillerIn(frame, from)) {
                writeUpToFault(frame, from, at - from);
                fill();
                from = at + FILLER.length;
            }
        }
        return writeUpToFault(frame, from, frame.length - from);
    }

    private void fill() throws IOException {
        for (var left = fillBytes; left > 0; ) {
            var count = (int) Math.min(left, FILL.length);
            writeUpToFault(FILL, 0, count);
            left -= count;
        }
    }

    private static int fillerIn(byte[] frame, int from) {
        for (var at = from; at <= frame.length - FILLER.length; at++) {
            if (Arrays.equals(frame, at, at + FILLER.length, FILLER, 0, FILLER.length)) {
                return at;
            }
        }
        return -1;
    }

    private boolean writeUpToFault(byte[] bytes, int from, int length) throws IOException {
        var count = (int) Math.min(length, endAfterBytes - written);
        sink.write(bytes, from, count);
        written += count;
        account.sentBytes(count);
        return count == length;
    }

    void flush() throws IOException {
        sink.flush();
    }

    void end() throws IOException {
        sink.end();
    }
}
