package io.tidemark.ingest;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Stands between clients and their one broker, and gives batches that producers write another fate
 * than the broker would.
 *
 * <p>It reads Kafka's frames. Addresses in answers are replaced by its own, so whoever connects to
 * it first stays with it, and the broker need not know of it. Requests that write are parted by
 * partition: only what is refused is kept from the broker, and what else is in the request goes on.
 * All other requests and answers pass as they are. Thread-safe; two virtual threads for a
 * connection.
 */
final class ProduceProxy implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    /** What a producer asks one partition to take. */
    record Batch(String topicName, int partition, long producerId) {}

    /** What becomes of a batch. */
    sealed interface Fate {
        /** What the broker makes of it. */
        record Passed() implements Fate {}

        /** The broker does not see it, and its producer is told that error. */
        record Refused(Errors error) implements Fate {}

        /** The broker has taken it, and its producer is told that error all the same. */
        record Belied(Errors error) implements Fate {}

        /** The broker has taken it, and the connection ends where its answer should be. */
        record Unanswered() implements Fate {}
    }

    /** Tells the fate of each batch, one at a time, in the order in which they come. */
    interface Fault {
        Fate of(Batch batch);

        /** That fate for the first so many batches of each partition. */
        static Fault first(int count, Fate fate) {
            var seen = new ConcurrentHashMap<String, AtomicInteger>();
            return batch -> {
                var place = batch.topicName() + "-" + batch.partition();
                var before = seen.computeIfAbsent(place, _ -> new AtomicInteger());
                return before.getAndIncrement() < count ? fate : new Fate.Passed();
            };
        }

        /** That fate for one in {@code interval} of such batches, so many times. */
        static Fault every(int interval, int times, Predicate<Batch> which, Fate fate) {
            var seen = new AtomicInteger();
            return batch -> {
                if (!which.test(batch)) {
                    return new Fate.Passed();
                }
                int number = seen.incrementAndGet();
                boolean hit = number % interval == 0 && number / interval <= times;
                return hit ? fate : new Fate.Passed();
            };
        }

        /** No fault before so many of such batches have passed, and that one from then on. */
        static Fault behind(int count, Predicate<Batch> which, Fault fault) {
            var seen = new AtomicInteger();
            return batch -> {
                int number = which.test(batch) ? seen.incrementAndGet() : seen.get();
                return number > count ? fault.of(batch) : new Fate.Passed();
            };
        }

        /** That fate for as long as a producer lives: the one of the first such batch. */
        static Fault untilReplaced(Predicate<Batch> which, Fate fate) {
            var victim = new AtomicLong(-1);
            return batch -> {
                if (!which.test(batch)) {
                    return new Fate.Passed();
                }
                victim.compareAndSet(-1, batch.producerId());
                return victim.get() == batch.producerId() ? fate : new Fate.Passed();
            };
        }
    }

    private final ServerSocket listening;
    private final int brokerPort;
    private final Set<Connection> live = ConcurrentHashMap.newKeySet();
    /* As metadata told them: requests to write name topics by id. */
    private final Map<Uuid, String> names = new ConcurrentHashMap<>();
    private final AtomicLong hits = new AtomicLong();
    private volatile Fault fault = _ -> new Fate.Passed();

    private ProduceProxy(ServerSocket listening, int brokerPort) {
        this.listening = listening;
        this.brokerPort = brokerPort;
    }

    /** Starts a proxy of the broker at {@code 127.0.0.1:PORT}. */
    static ProduceProxy start(String bootstrapServers) {
        try {
            int port = Integer.parseInt(bootstrapServers.substring(HOST.length() + 1));
            var proxy =
                    new ProduceProxy(
                            new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
            Thread.startVirtualThread(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String bootstrapServers() {
        return HOST + ":" + listening.getLocalPort();
    }

    /** What befalls batches from now on, instead of what did before. */
    void befall(Fault next) {
        fault = next;
    }

    /** How many batches did not pass so far. */
    long hits() {
        return hits.get();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                connect(listening.accept());
            } catch (IOException e) {
                /* Closed, or the broker is away: then the client finds nobody, and comes again. */
            }
        }
        close();
    }

    private void connect(Socket client) throws IOException {
        try {
            var connection =
                    new Connection(
                            client, new Socket(InetAddress.getLoopbackAddress(), brokerPort));
            live.add(connection);
            Thread.startVirtualThread(() -> connection.pump(connection::ask));
            Thread.startVirtualThread(() -> connection.pump(connection::answer));
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    @Override
    public void close() {
        closeQuietly(listening);
        live.forEach(Connection::close);
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A batch that did not pass. */
    private record Hit(String topicName, Uuid topicId, int partition, Fate fate) {}

    /** A request whose answer is on its way; answers come in the order of requests. */
    private record Asked(RequestHeader header, List<Hit> hits) {}

    private interface Pump {
        void next() throws IOException;
    }

    private final class Connection {
        private final Socket client;
        private final Socket broker;
        private final DataInputStream requests;
        private final DataInputStream answers;
        private final DataOutputStream toBroker;
        private final DataOutputStream toClient;
        private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();

        Connection(Socket client, Socket broker) throws IOException {
            this.client = client;
            this.broker = broker;
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
            requests = new DataInputStream(client.getInputStream());
            answers = new DataInputStream(broker.getInputStream());
            toBroker = new DataOutputStream(new BufferedOutputStream(broker.getOutputStream()));
            toClient = new DataOutputStream(new BufferedOutputStream(client.getOutputStream()));
        }

        /* One direction; the end of either is the end of both. */
        private void pump(Pump pump) {
            try {
                while (live.contains(this)) {
                    pump.next();
                }
            } catch (IOException e) {
                /* Either side has gone, or we have closed it. */
            } finally {
                close();
            }
        }

        void close() {
            live.remove(this);
            closeQuietly(client);
            closeQuietly(broker);
        }

        private void ask() throws IOException {
            var frame = read(requests);
            var body = frame.duplicate();
            var header = RequestHeader.parse(body);
            var hit = new ArrayList<Hit>();
            if (header.apiKey() == ApiKeys.PRODUCE) {
                frame = parted(header, body, hit);
            }
            asked.add(new Asked(header, hit));
            write(toBroker, frame);
        }

        private void answer() throws IOException {
            var frame = read(answers);
            var request = asked.remove();
            if (request.hits().stream().anyMatch(hit -> hit.fate() instanceof Fate.Unanswered)) {
                close();
            } else {
                write(toClient, rewritten(request, frame));
            }
        }
    }

    private ByteBuffer parted(RequestHeader header, ByteBuffer body, List<Hit> hit) {
        short version = header.apiVersion();
        var data = ProduceRequest.parse(new ByteBufferAccessor(body), version).data();
        for (var topic : data.topicData()) {
            topic.partitionData().removeIf(partition -> refused(topic, partition, hit));
        }
        data.topicData().removeIf(topic -> topic.partitionData().isEmpty());
        return RequestUtils.serialize(header.data(), header.headerVersion(), data, version);
    }

    private boolean refused(TopicProduceData topic, PartitionProduceData partition, List<Hit> hit) {
        var fate = fateOf(topic, partition);
        if (!(fate instanceof Fate.Passed)) {
            hits.incrementAndGet();
            hit.add(new Hit(topic.name(), topic.topicId(), partition.index(), fate));
        }
        return fate instanceof Fate.Refused;
    }

    private synchronized Fate fateOf(TopicProduceData topic, PartitionProduceData partition) {
        var records = (MemoryRecords) partition.records();
        return fault.of(
                new Batch(
                        names.getOrDefault(topic.topicId(), topic.name()),
                        partition.index(),
                        records.batches().iterator().next().producerId()));
    }

    private ByteBuffer rewritten(Asked request, ByteBuffer frame) {
        var header = request.header();
        return switch (header.apiKey()) {
            case METADATA, FIND_COORDINATOR, DESCRIBE_CLUSTER, PRODUCE -> {
                var data = AbstractResponse.parseResponse(frame, header).data();
                switch (data) {
                    case MetadataResponseData metadata -> here(metadata);
                    case FindCoordinatorResponseData coordinator -> here(coordinator);
                    case DescribeClusterResponseData cluster -> here(cluster);
                    case ProduceResponseData produced ->
                            request.hits().forEach(hit -> tell(produced, hit));
                    default -> throw new AssertionError(data);
                }
                var answered = header.toResponseHeader();
                yield RequestUtils.serialize(
                        answered.data(), answered.headerVersion(), data, header.apiVersion());
            }
            default -> frame;
        };
    }

    private void here(MetadataResponseData metadata) {
        metadata.brokers()
                .forEach(broker -> broker.setHost(HOST).setPort(listening.getLocalPort()));
        metadata.topics()
                .forEach(topic -> {
                    if (topic.name() != null) {
                        names.put(topic.topicId(), topic.name());
                    }
                });
    }

    /* Newer versions have a list, older ones the address itself. */
    private void here(FindCoordinatorResponseData found) {
        int port = listening.getLocalPort();
        if (!found.host().isEmpty()) {
            found.setHost(HOST).setPort(port);
        }
        found.coordinators().forEach(coordinator -> coordinator.setHost(HOST).setPort(port));
    }

    private void here(DescribeClusterResponseData cluster) {
        cluster.brokers().forEach(broker -> broker.setHost(HOST).setPort(listening.getLocalPort()));
    }

    private static void tell(ProduceResponseData produced, Hit hit) {
        switch (hit.fate()) {
            case Fate.Refused(var error) ->
                    partitions(produced, hit)
                            .add(
                                    new PartitionProduceResponse()
                                            .setIndex(hit.partition())
                                            .setErrorCode(error.code())
                                            .setBaseOffset(-1));
            case Fate.Belied(var error) ->
                    partitions(produced, hit).stream()
                            .filter(partition -> partition.index() == hit.partition())
                            .forEach(partition ->
                                    partition.setErrorCode(error.code()).setBaseOffset(-1));
            case Fate.Passed _, Fate.Unanswered _ -> {} // nothing is told
        }
    }

    private static List<PartitionProduceResponse> partitions(
            ProduceResponseData produced, Hit hit) {
        var topic = produced.responses().find(hit.topicName(), hit.topicId());
        if (topic == null) {
            topic =
                    new TopicProduceResponse()
                            .setName(hit.topicName())
                            .setTopicId(hit.topicId())
                            .setPartitionResponses(new ArrayList<>());
            produced.responses().add(topic);
        }
        return topic.partitionResponses();
    }

    private static ByteBuffer read(DataInputStream in) throws IOException {
        var frame = new byte[in.readInt()];
        in.readFully(frame);
        return ByteBuffer.wrap(frame);
    }

    private static void write(DataOutputStream out, ByteBuffer frame) throws IOException {
        out.writeInt(frame.remaining());
        out.write(frame.array(), frame.arrayOffset() + frame.position(), frame.remaining());
        out.flush();
    }
}
