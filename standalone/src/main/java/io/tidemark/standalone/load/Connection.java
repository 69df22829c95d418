package io.tidemark.standalone.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One connection with one request. Confined to its loop's thread. */
final class Connection {
    private static final int SMALL_BUFFER_BYTES = 4_096;

    /** Hears of a connection. */
    interface Owner {
        /** The request was written to the socket. */
        void sent(long nanoTime);

        /** Bytes came. */
        void received(byte[] bytes, int count, long nanoTime) throws IOException;

        /** The other side has closed it, or it broke; nothing is heard of it afterwards. */
        void gone();
    }

    private final Loop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ByteBuffer request;
    private final Owner owner;

    private Connection(Loop loop, SocketChannel channel, ByteBuffer request, Owner owner)
            throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.request = request;
        this.owner = owner;
        this.key = loop.register(channel, SelectionKey.OP_CONNECT, this);
    }

    /**
     * Connects.
     *
     * @param from the address to connect from, with port 0
     * @param small whether the system is to take in little that is not read
     */
    static Connection open(
            Loop loop,
            InetSocketAddress from,
            InetSocketAddress server,
            byte[] request,
            boolean small,
            Owner owner)
            throws IOException {
        var channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            /* A reset at once: thousands of ports would wait for a minute after each storm. */
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            if (small) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER_BYTES);
            }
            channel.bind(from);
            var connection = new Connection(loop, channel, ByteBuffer.wrap(request), owner);
            if (channel.connect(server)) {
                connection.connected();
            }
            return connection;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Does what can be done. */
    void ready() {
        try {
            if (!key.isValid()) {
                return;
            }
            if (key.isConnectable() && channel.finishConnect()) {
                connected();
            } else if (key.isWritable()) {
                write();
            } else if (key.isReadable()) {
                read();
            }
        } catch (IOException e) {
            fail();
        }
    }

    private void connected() throws IOException {
        key.interestOps(SelectionKey.OP_WRITE);
        write();
    }

    private void write() throws IOException {
        channel.write(request);
        if (!request.hasRemaining()) {
            key.interestOps(SelectionKey.OP_READ);
            owner.sent(System.nanoTime());
        }
    }

    private void read() throws IOException {
        int count = channel.read(loop.buffer.clear());
        if (count < 0) {
            fail();
        } else {
            owner.received(loop.bytes, count, System.nanoTime());
        }
    }

    private void fail() {
        close();
        owner.gone();
    }

    /** Reads no more, or reads on. */
    void reading(boolean wanted) {
        if (key.isValid()) {
            key.interestOps(wanted ? SelectionKey.OP_READ : 0);
        }
    }

    /** Cuts it off. */
    void close() {
        key.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone, which is what was wanted.
        }
    }
}
