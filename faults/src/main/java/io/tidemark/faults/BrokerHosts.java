package io.tidemark.faults;

import java.io.IOException;
import java.util.List;

/** Where brokers run, and what their network does to them. Thread-safe. */
interface BrokerHosts extends AutoCloseable {
    /** The address at which a broker listens, and everybody finds it. */
    String address(int broker);

    /** The words before those that start a broker, so that it starts where its address is. */
    List<String> prefix(int broker);

    /**
     * Cuts a broker off from everybody: other brokers, controllers and clients, without any
     * connection being closed. Or lets it back.
     *
     * @throws IOException if that cannot be done
     */
    void cutOff(int broker, boolean cut) throws IOException, InterruptedException;

    @Override
    void close();

    /** All of them at 127.0.0.1, where nobody can be cut off from the others. */
    static BrokerHosts loopback() {
        return Loopback.INSTANCE;
    }

    /** The machine itself. */
    enum Loopback implements BrokerHosts {
        /** The only one. */
        INSTANCE;

        @Override
        public String address(int broker) {
            return "127.0.0.1";
        }

        @Override
        public List<String> prefix(int broker) {
            return List.of();
        }

        @Override
        public void cutOff(int broker, boolean cut) {
            throw new IllegalStateException(
                    "broker-%d has no network of its own to be cut off from".formatted(broker));
        }

        @Override
        public void close() {
            // Nothing was taken.
        }
    }
}
