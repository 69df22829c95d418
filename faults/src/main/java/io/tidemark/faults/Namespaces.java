package io.tidemark.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A network namespace for each broker, and a switch between them and this machine: a bridge in a
 * namespace of its own, so that no rule of this machine's firewall applies to what passes between
 * brokers.
 *
 * <pre>{@code
 * this machine          hub                        broker n
 *   tm<pid> .1  ----  host -- bridge -- broker<n>  ----  eth0 .<10+n>
 * }</pre>
 *
 * <p>A broker is cut off by its end at the bridge: packets are lost both ways, and nobody is told.
 *
 * <p>Names hold the id of this process, which has one of these at a time. They are removed by
 * {@link #close}, and when this process ends in whatever way it can notice; what a process left
 * behind that was killed, the next one removes. Thread-safe.
 */
final class Namespaces implements BrokerHosts {
    private static final String PREFIX = "tidemark-faults-";
    private static final int MACHINE = 1;
    private static final int FIRST_BROKER = 10;
    private static final long COMMAND_SECONDS_MAX = 10;

    private final long pid = ProcessHandle.current().pid();
    private final String hub = PREFIX + pid + "-hub";
    private final int brokers;
    private final Subnet subnet;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Namespaces(int brokers, Subnet subnet) {
        this.brokers = brokers;
        this.subnet = subnet;
    }

    /** Network namespaces cannot be had here. */
    static final class UnavailableException extends IOException {
        private static final long serialVersionUID = 1;

        UnavailableException(IOException cause) {
            super(
                    "plan brokers needs a network namespace for each broker, which takes Linux,"
                            + " root (CAP_SYS_ADMIN and CAP_NET_ADMIN), ip and nsenter: "
                            + cause.getMessage(),
                    cause);
        }
    }

    /**
     * Makes them.
     *
     * @throws UnavailableException if they are not allowed here
     */
    static Namespaces create(int brokers) throws IOException, InterruptedException {
        try {
            removeLeftOvers();
            var routes = ip("-4", "-oneline", "route", "show", "table", "all").lines().toList();
            int first = (int) (ProcessHandle.current().pid() & 255);
            var made = new Namespaces(brokers, Subnet.unused(first, routes));
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(made::close));
            try {
                made.make();
            } catch (IOException | InterruptedException e) {
                made.close();
                throw e;
            }
            return made;
        } catch (IOException e) {
            throw new UnavailableException(e);
        }
    }

    private static void removeLeftOvers() throws IOException, InterruptedException {
        for (var line : ip("netns", "list").lines().toList()) {
            var name = line.split(" ", 2)[0];
            if (name.startsWith(PREFIX) && !alive(name)) {
                ip("netns", "delete", name);
            }
        }
    }

    private static boolean alive(String name) {
        var owner = name.substring(PREFIX.length()).split("-", 2)[0];
        return ProcessHandle.of(Long.parseLong(owner)).isPresent();
    }

    private void make() throws IOException, InterruptedException {
        ip("netns", "add", hub);
        inHub("link", "add", "bridge", "type", "bridge");
        inHub("link", "set", "bridge", "up");
        plug("host", machine(), Long.toString(pid));
        ip("address", "add", subnet.host(MACHINE) + "/" + subnet.bits(), "dev", machine());
        ip("link", "set", machine(), "up");
        for (int broker = 0; broker < brokers; broker++) {
            var name = name(broker);
            ip("netns", "add", name);
            plug(port(broker), "eth0", name);
            ip("-n", name, "address", "add", address(broker) + "/" + subnet.bits(), "dev", "eth0");
            ip("-n", name, "link", "set", "eth0", "up");
            ip("-n", name, "link", "set", "lo", "up");
        }
    }

    /* A cable from the bridge to an interface in another namespace. */
    private void plug(String port, String peer, String namespace)
            throws IOException, InterruptedException {
        inHub("link", "add", port, "type", "veth", "peer", "name", peer, "netns", namespace);
        inHub("link", "set", port, "master", "bridge", "up");
    }

    private String machine() {
        return "tm" + pid;
    }

    private static String port(int broker) {
        return "broker" + broker;
    }

    private String name(int broker) {
        return PREFIX + pid + "-" + broker;
    }

    @Override
    public String address(int broker) {
        return subnet.host(FIRST_BROKER + broker);
    }

    /* Unlike ip netns exec it leaves /sys alone, and like it, it becomes what it starts. */
    @Override
    public List<String> prefix(int broker) {
        return List.of("nsenter", "--net=/run/netns/" + name(broker));
    }

    @Override
    public void cutOff(int broker, boolean cut) throws IOException, InterruptedException {
        inHub("link", "set", port(broker), cut ? "down" : "up");
    }

    private void inHub(String... words) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of("-n", hub));
        all.addAll(List.of(words));
        ip(all.toArray(String[]::new));
    }

    private static String ip(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + ": did not end");
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output.strip());
        }
        return output;
    }

    /** Removes them, and with them all cables; a process in one keeps it until it ends. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            for (var line : ip("netns", "list").lines().toList()) {
                var name = line.split(" ", 2)[0];
                if (name.startsWith(PREFIX + pid + "-")) {
                    ip("netns", "delete", name);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
