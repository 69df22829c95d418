package io.tidemark.devkit.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The address that everything in this module listens on, if it is not told another one. */
final class Loopback {

    static final String HOST = "127.0.0.1";

    private Loopback() {}

    /** The address by number: no name service, and never the IPv6 loopback. */
    static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(HOST), port);
    }
}
