package io.tidemark.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;

/**
 * Ports that stay ours while nobody listens on them: below those that the system gives to outgoing
 * connections, one of which might else take the port of a process that is away. Confined to one
 * thread.
 */
final class Ports {
    private static final int FIRST = 12_000;
    private static final int LAST = 30_000;

    private int next = new Random().nextInt(FIRST, LAST);

    /** A port that is free now. */
    int take() {
        for (int tried = FIRST; tried < LAST; tried++) {
            int port = next;
            next = next + 1 < LAST ? next + 1 : FIRST;
            if (free(port)) {
                return port;
            }
        }
        throw new UncheckedIOException(
                new IOException("no port is free between " + FIRST + " and " + LAST));
    }

    private static boolean free(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
