package io.tidemark.standalone;

import io.tidemark.schemas.Topics;
import io.tidemark.standalone.settings.EdgeKeys;
import io.tidemark.standalone.settings.Keys;
import io.tidemark.standalone.settings.ProviderKeys;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * An installation of several processes: one Kafka, one projector, and so many workers and edges,
 * each with a heap of the same size. Confined to the thread that measures.
 */
final class ScaleSystem implements AutoCloseable {
    private static final Duration SERVING_MAX = Duration.ofMinutes(1);

    /* How soon workers and the projector find partitions that were added. */
    private static final String METADATA_AGE = "kafka.metadata.max.age.ms=1000";

    private final Workbench workbench;
    private final ScaleShape shape;
    private final List<String> options;
    private final Path data;
    private final List<Member> members = new ArrayList<>();
    private final List<Member> edges = new ArrayList<>();
    private List<String> settings = List.of();
    private String servers = "";

    private record Member(ScaleRole role, SystemProcess process) {}

    private ScaleSystem(Workbench workbench, Path data, ScaleShape shape, int heapMib) {
        this.workbench = workbench;
        this.shape = shape;
        this.options = List.of("-Xmx" + heapMib + "m");
        this.data = data;
    }

    /**
     * Starts one, which the caller closes: when this returns, the workers share all partitions and
     * each edge has served a stream.
     *
     * @param name of its data, which are new
     * @param heapMib of each process
     */
    static ScaleSystem start(
            Workbench workbench, String name, ScaleShape shape, int partitions, int heapMib)
            throws IOException, InterruptedException {
        var system = new ScaleSystem(workbench, workbench.data().resolve(name), shape, heapMib);
        try {
            system.startAll(partitions);
            return system;
        } catch (IOException | InterruptedException | RuntimeException e) {
            system.close();
            throw e;
        }
    }

    private void startAll(int partitions) throws IOException, InterruptedException {
        var dataDir = Keys.DATA_DIR.name() + "=" + data;
        var kafka = workbench.start("kafka", "kafka", List.of(dataDir), options);
        members.add(new Member(ScaleRole.KAFKA, kafka));
        servers = kafka.announced();
        settings =
                List.of(
                        Keys.BOOTSTRAP_SERVERS.name() + "=" + servers,
                        Keys.TOPICS_PARTITIONS.name() + "=" + partitions,
                        METADATA_AGE,
                        ProviderKeys.baseUrl("openai").name() + "=" + workbench.provider());
        var first = new ArrayList<Callable<Member>>();
        first.add(() ->
                member(
                        ScaleRole.PROJECTOR,
                        "projector",
                        List.of(dataDir, Keys.PROJECTOR_PORT.name() + "=0")));
        for (int i = 0; i < shape.workers(); i++) {
            var id = "worker-" + i;
            first.add(() ->
                    member(
                            ScaleRole.WORKER,
                            "ingest",
                            List.of(Keys.INGEST_WORKER_ID.name() + "=" + id)));
        }
        startTogether(first, members);
        startTogether(Collections.nCopies(shape.edges(), this::edge), edges);
        awaitShared(partitions);
        for (var address : edges()) {
            serveOne(address);
        }
    }

    private Member edge() throws IOException, InterruptedException {
        var projector =
                members.stream()
                        .filter(it -> it.role() == ScaleRole.PROJECTOR)
                        .findFirst()
                        .orElseThrow();
        return member(
                ScaleRole.EDGE,
                "edge",
                List.of(
                        EdgeKeys.PORT.name() + "=0",
                        EdgeKeys.PROJECTOR_URL.name() + "=" + projector.process().address()));
    }

    private Member member(ScaleRole role, String command, List<String> more)
            throws IOException, InterruptedException {
        var all = new ArrayList<>(settings);
        all.addAll(more);
        return new Member(role, workbench.start(command, command, all, options));
    }

    /* What could be started is kept for close, even when another could not or it is interrupted. */
    private static void startTogether(List<Callable<Member>> starts, Collection<Member> into)
            throws IOException, InterruptedException {
        var started = new ConcurrentLinkedQueue<Member>();
        var tasks =
                starts.stream()
                        .<Callable<Boolean>>map(start -> () -> started.add(start.call()))
                        .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var task : threads.invokeAll(tasks)) {
                task.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            into.addAll(started);
        }
    }

    private static void serveOne(URI edge) throws IOException, InterruptedException {
        var one = new ClockStreams(1, Duration.ZERO, Duration.ZERO);
        ClockStreams.awaitEnd(edge, one.start(edge, 1), SERVING_MAX);
    }

    /** Where its edges are. */
    List<URI> edges() {
        return edges.stream().map(it -> it.process().address()).toList();
    }

    /** Adds partitions to all topics. */
    void addPartitions(int count) {
        try (var growth = growth()) {
            growth.addTo(count);
        }
    }

    /** Waits until the workers share so many partitions. */
    void awaitShared(int partitions) throws InterruptedException {
        try (var growth = growth()) {
            growth.awaitShared(partitions, shape.workers());
        }
    }

    private PartitionGrowth growth() {
        return new PartitionGrowth(servers, Topics.defaults());
    }

    /**
     * Puts a new edge in the place of one, as one does behind a proxy: starts it, has those that
     * come from now on go there, and stops the old one.
     *
     * @param index in {@link #edges()}
     * @param moved told of the new address once it serves
     */
    void replaceEdge(int index, Consumer<URI> moved) throws IOException, InterruptedException {
        var replacement = edge();
        var old = edges.set(index, replacement);
        try (var stopping = old.process()) {
            serveOne(replacement.process().address());
            moved.accept(replacement.process().address());
            stopping.stop();
        }
    }

    /** Looks at what its processes, and this one, have used. */
    CpuUse cpu() throws IOException {
        var processes = new HashMap<Long, ScaleRole>();
        processes.put(ProcessHandle.current().pid(), ScaleRole.CLIENTS);
        members.forEach(it -> processes.put(it.process().pid(), it.role()));
        edges.forEach(it -> processes.put(it.process().pid(), it.role()));
        return CpuMeter.read(processes);
    }

    /** Stops everything, Kafka last. */
    @Override
    public void close() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            edges.forEach(it -> threads.execute(it.process()::close));
            members.stream()
                    .filter(it -> it.role() != ScaleRole.KAFKA)
                    .forEach(it -> threads.execute(it.process()::close));
        }
        members.stream().limit(1).forEach(it -> it.process().close());
    }
}
