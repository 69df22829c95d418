package io.tidemark.faults;

import static java.util.stream.Collectors.joining;

import io.tidemark.devkit.FaultProxy;
import io.tidemark.faults.Target.Role;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/**
 * All processes of an installation and the network between them: brokers, a simulated provider,
 * workers that reach both through proxies, projectors, and edges behind one proxy each. Thread-safe
 * once it is started.
 */
final class Installation implements AutoCloseable {
    /** Fewer than by default, so that each has more of the streams. */
    private static final int PARTITIONS = 6;

    private static final String HOST = "127.0.0.1";
    private static final String TIDEMARK = "io.tidemark.standalone.Tidemark";
    private static final int HEAP_BROKER = 384;
    private static final int HEAP_ROLE = 320;
    private static final int HEAP_VERIFY = 768;
    private static final int WORKER_STREAMS_MAX = 1000;

    private final Plan plan;
    private final Layout layout;
    private final BrokerHosts hosts;
    private final Path directory;
    private final Ports ports = new Ports();
    private final Map<Target, RoleProcess> processes = new LinkedHashMap<>();
    private final List<FaultProxy> proxies = new ArrayList<>();
    /* For each worker, its ways to the brokers. */
    private final List<List<FaultProxy>> workersToBrokers = new ArrayList<>();
    private final List<FaultProxy> edgeProxies = new ArrayList<>();
    private final List<String> clientAddresses = new ArrayList<>();
    /* Where roles say whether they are ready. */
    private final Map<Target, URI> status = new HashMap<>();
    private final FaultProxy providerProxy;

    /**
     * An installation that is not running yet.
     *
     * @param hosts where brokers run; closed by whoever gave them, after this
     * @param directory for the data and the logs of all processes
     */
    Installation(Plan plan, Layout layout, BrokerHosts hosts, Path directory) throws IOException {
        this.plan = plan;
        this.layout = layout;
        this.hosts = hosts;
        this.directory = Files.createDirectories(directory.toAbsolutePath());
        int simulatorPort = ports.take();
        providerProxy = proxyTo(HOST, simulatorPort);
        addBrokers();
        addRole(
                new Target(Role.PROVIDER, 0),
                "simulator",
                List.of("simulator.port=" + simulatorPort, "simulator.journal=" + journal()));
        for (int worker = 0; worker < layout.workers(); worker++) {
            addWorker(worker);
        }
        var projectorPorts = take(layout.projectors());
        for (int projector = 0; projector < layout.projectors(); projector++) {
            addProjector(new Target(Role.PROJECTOR, projector), projectorPorts.get(projector));
        }
        for (int edge = 0; edge < layout.edges(); edge++) {
            addEdge(edge, projectorPorts);
        }
    }

    private FaultProxy proxyTo(String host, int port) {
        var proxy = FaultProxy.start(host, port);
        proxies.add(proxy);
        return proxy;
    }

    private void addBrokers() throws IOException {
        for (int worker = 0; worker < layout.workers(); worker++) {
            workersToBrokers.add(new ArrayList<>());
        }
        var controllers = take(layout.brokers());
        for (int broker = 0; broker < layout.brokers(); broker++) {
            addBroker(broker, controllers);
        }
    }

    private void addBroker(int number, List<Integer> controllers) throws IOException {
        var target = new Target(Role.BROKER, number);
        var workers = take(layout.workers());
        var advertised = new ArrayList<Integer>();
        for (int worker = 0; worker < layout.workers(); worker++) {
            var proxy = proxyTo(hosts.address(number), workers.get(worker));
            workersToBrokers.get(worker).add(proxy);
            advertised.add(proxy.port());
        }
        var settings =
                new BrokerSettings(
                        number,
                        IntStream.range(0, layout.brokers()).mapToObj(hosts::address).toList(),
                        plan.brokerSession(),
                        ports.take(),
                        ports.take(),
                        controllers,
                        workers,
                        advertised);
        clientAddresses.add(hosts.address(number) + ":" + settings.client());
        var file = directory.resolve(target.label() + ".properties");
        try (var writer = Files.newBufferedWriter(file)) {
            settings.properties(directory.resolve(target.label())).store(writer, null);
        }
        var main = List.of(BrokerMain.class.getName(), file.toString());
        var command = new ArrayList<>(hosts.prefix(number));
        command.addAll(RoleProcess.command(HEAP_BROKER, main));
        /* No other needs to be there for it. */
        add(target, command, _ -> false);
    }

    private List<Integer> take(int count) {
        var taken = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            taken.add(ports.take());
        }
        return taken;
    }

    private void addWorker(int number) {
        var target = new Target(Role.WORKER, number);
        var servers =
                workersToBrokers.get(number).stream()
                        .map(proxy -> HOST + ":" + proxy.port())
                        .collect(joining(","));
        addRole(
                target,
                "ingest",
                List.of(
                        "kafka.bootstrap-servers=" + servers,
                        "topics.partitions=" + PARTITIONS,
                        "ingest.worker-id=" + target.label(),
                        "ingest.port=" + statusPort(target),
                        "providers.openai.streams-max=" + WORKER_STREAMS_MAX,
                        "providers.openai.base-url=http://"
                                + HOST
                                + ":"
                                + providerProxy.port()
                                + "/v1"));
    }

    private int statusPort(Target target) {
        int port = ports.take();
        status.put(target, at(port));
        return port;
    }

    private static URI at(int port) {
        return URI.create("http://" + HOST + ":" + port);
    }

    private void addProjector(Target target, int port) {
        status.put(target, at(port));
        addRole(
                target,
                "projector",
                List.of(
                        bootstrapServers("kafka.bootstrap-servers="),
                        "topics.partitions=" + PARTITIONS,
                        "projector.port=" + port,
                        "projector.instance-id=" + target.label(),
                        "projector.standby-replicas=" + (layout.aboutProjectors() ? 1 : 0),
                        "data-dir=" + data(target)));
    }

    private Path data(Target projector) {
        return directory.resolve(projector.label());
    }

    private void addEdge(int number, List<Integer> projectorPorts) {
        var target = new Target(Role.EDGE, number);
        int port = statusPort(target);
        edgeProxies.add(proxyTo(HOST, port));
        addRole(
                target,
                "edge",
                List.of(
                        bootstrapServers("kafka.bootstrap-servers="),
                        "topics.partitions=" + PARTITIONS,
                        "edge.port=" + port,
                        projectorPorts.stream()
                                .map(projector -> "http://" + HOST + ":" + projector)
                                .collect(joining(",", "edge.projector-url=", ""))));
    }

    private void addRole(Target target, String command, List<String> settings) {
        var words = RoleProcess.command(HEAP_ROLE, tidemark(command, settings));
        add(target, words, this::brokerAwaySince);
    }

    private void add(Target target, List<String> command, LongPredicate excusedSince) {
        var log = directory.resolve(target.label() + ".log");
        processes.put(target, new RoleProcess(target.label(), command, log, excusedSince));
    }

    private boolean brokerAwaySince(long nanos) {
        return targets(Role.BROKER).stream().anyMatch(it -> process(it).awaySince(nanos));
    }

    private static List<String> tidemark(String command, List<String> settings) {
        var words = new ArrayList<>(List.of(TIDEMARK, command));
        for (var setting : settings) {
            words.add("--set");
            words.add(setting);
        }
        return words;
    }

    /** Starts everything, brokers first; what can start at the same time does. */
    void start() throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::kill));
        startAll(Role.BROKER);
        startAll(Role.PROVIDER, Role.WORKER, Role.PROJECTOR, Role.EDGE);
    }

    /** Starts all of these roles at once. */
    void startAll(Role... roles) throws IOException, InterruptedException {
        try (var starters = Executors.newVirtualThreadPerTaskExecutor()) {
            var starting = new ArrayList<Future<?>>();
            for (var entry : processes.entrySet()) {
                if (List.of(roles).contains(entry.getKey().role())) {
                    starting.add(
                            starters.submit(() -> {
                                entry.getValue().start();
                                return null;
                            }));
                }
            }
            for (var start : starting) {
                start.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("the installation did not start", e.getCause());
        }
    }

    /** Where Kafka is for everybody but workers; no proxy is in the way. */
    String bootstrapServers() {
        return bootstrapServers("");
    }

    private String bootstrapServers(String prefix) {
        return clientAddresses.stream().collect(joining(",", prefix, ""));
    }

    /** Where clients find the edges, proxies between. */
    List<URI> edges() {
        return edgeProxies.stream().map(proxy -> at(proxy.port())).toList();
    }

    /** The processes of a role. */
    List<Target> targets(Role role) {
        return processes.keySet().stream().filter(target -> target.role() == role).toList();
    }

    RoleProcess process(Target target) {
        var process = processes.get(target);
        if (process == null) {
            throw new IllegalArgumentException("there is no " + target.label());
        }
        return process;
    }

    /** Where the provider keeps what each of its answers reported that it used. */
    Path journal() {
        return directory.resolve("journal");
    }

    /** Takes the state of a projector away, which must not run. */
    void empty(Target projector) throws IOException {
        Directories.delete(data(projector));
    }

    /** The proxies between a part and what it needs, or who needs it. */
    List<FaultProxy> network(Target target) {
        return switch (target.role()) {
            case WORKER -> workersToBrokers.get(target.number());
            case EDGE -> List.of(edgeProxies.get(target.number()));
            case PROVIDER -> List.of(providerProxy);
            case KAFKA, BROKER, PROJECTOR ->
                    throw new IllegalArgumentException("no proxy for " + target.label());
        };
    }

    /** Where a worker, an edge or a projector says whether it is ready. */
    URI status(Target target) {
        var uri = status.get(target);
        if (uri == null) {
            throw new IllegalArgumentException(target.label() + " does not say how it is");
        }
        return uri;
    }

    /** Cuts a broker off from everybody, or lets it back. */
    void cutOff(Target broker, boolean cut) throws IOException, InterruptedException {
        hosts.cutOff(broker.number(), cut);
    }

    /** Processes that ended before they were ready, while a broker was away, and how often. */
    SortedMap<String, Integer> startedAgain() {
        var startedAgain = new TreeMap<String, Integer>();
        for (var process : processes.values()) {
            if (process.startedAgain() > 0) {
                startedAgain.put(process.name(), process.startedAgain());
            }
        }
        return startedAgain;
    }

    /** Processes that do not run. */
    List<String> dead() {
        return processes.values().stream()
                .filter(process -> !process.alive())
                .map(RoleProcess::name)
                .toList();
    }

    /** A {@code tidemark} command on this installation. */
    ProcessBuilder tidemark(String command, String... options) {
        var words =
                new ArrayList<>(
                        tidemark(
                                command,
                                List.of(
                                        bootstrapServers("kafka.bootstrap-servers="),
                                        "topics.partitions=" + PARTITIONS)));
        words.addAll(List.of(options));
        return new ProcessBuilder(RoleProcess.command(HEAP_VERIFY, words))
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(
                                directory.resolve(command + ".log").toFile()));
    }

    /** Kills what is left; nothing is waited for but the end of the processes. */
    @Override
    public void close() {
        kill();
        proxies.forEach(FaultProxy::close);
    }

    /* Also when the run is interrupted: a process that nobody waits for would stay for ever. */
    private void kill() {
        processes.values().forEach(RoleProcess::close);
    }
}
