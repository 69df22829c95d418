package io.tidemark.standalone.settings;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The settings of the edge, but for who may read; a part of the table in {@link Keys}. */
public final class EdgeKeys {
    public static final Key<String> HOST =
            Key.of("edge.host", Reader.text(), "127.0.0.1", "address the edge listens on");
    public static final Key<Integer> PORT =
            Key.of(
                    "edge.port",
                    Reader.number(0, 65_535),
                    "8080",
                    "port the edge listens on; 0 takes any");
    public static final Key<List<URI>> PROJECTOR_URL =
            Key.of(
                    "edge.projector-url",
                    Reader.httpUris(),
                    "http://127.0.0.1:8081",
                    "where projectors answer queries, with commas between, at most 16; they are"
                            + " asked in turn, and another where one does not answer");
    public static final Key<Long> BODY_MAX =
            Key.of("edge.body-bytes-max", Reader.bytes(512L << 20), "8MiB", "largest request body");
    public static final Key<Long> WINDOW_MAX =
            Key.of(
                    "edge.window-bytes-max",
                    Reader.bytes(Long.MAX_VALUE),
                    "128MiB",
                    "memory for recent events of all streams");
    public static final Key<Long> INDEX_MAX =
            Key.of(
                    "edge.index-bytes-max",
                    Reader.bytes(Long.MAX_VALUE),
                    "16MiB",
                    "memory for where events are in the log, of streams that have left it");
    public static final Key<Integer> CONNECTIONS_MAX =
            Key.of(
                    "edge.connections-max",
                    Reader.number(2, 1_000_000),
                    "22000",
                    "most open connections; ten in eleven of them may read events");
    public static final Key<Duration> HEARTBEAT =
            Key.of(
                    "edge.heartbeat-interval",
                    Reader.duration(),
                    "15s",
                    "longest silence on an open event stream");
    public static final Key<Duration> RETRY =
            Key.of(
                    "edge.retry",
                    Reader.duration(),
                    "1s",
                    "how long a client is told to wait before it comes back");
    public static final Key<Duration> RETRY_JITTER =
            Key.of(
                    "edge.retry-jitter",
                    Reader.duration(),
                    "2s",
                    "how much longer at most, when an edge sends all its readers away: 1ms for each of them, up to this");
    public static final Key<Set<Integer>> PARTITIONS =
            Key.optional(
                    "edge.partitions",
                    Reader.partitions(),
                    "partitions that this edge serves, such as 0-5,8; all when not set");
    public static final Key<Map<Integer, URI>> PARTITIONS_ELSEWHERE =
            Key.optional(
                    "edge.partitions-elsewhere",
                    Reader.partitionAddresses(),
                    "edges that serve the others, such as 6-11=https://edge-b:8080, with commas"
                            + " between");
    public static final Key<Duration> STALLED_MAX =
            Key.of(
                    "edge.reader-stalled-max",
                    Reader.duration(),
                    "60s",
                    "a reader that takes no byte of what there is for it for that long is closed");
    public static final Key<Duration> AGE_MAX =
            Key.of(
                    "edge.reader-age-max",
                    Reader.duration(),
                    "1h",
                    "how long a reader stays before it is asked to come back, which it can do at"
                            + " another edge; up to a tenth less");
    public static final Key<Integer> TENANT_STARTS_PER_SECOND =
            Key.of(
                    "edge.tenant-starts-per-second",
                    Reader.number(0, 100_000),
                    "0",
                    "how many streams a tenant may start each second at this edge; 0 for any number");
    public static final Key<Integer> TENANT_STARTS_BURST =
            Key.of(
                    "edge.tenant-starts-burst",
                    Reader.number(1, 1_000_000),
                    "100",
                    "how many of them at once, after a while without");
    public static final Key<Integer> TENANT_REQUESTS_PER_SECOND =
            Key.of(
                    "edge.tenant-requests-per-second",
                    Reader.number(0, 1_000_000),
                    "0",
                    "how many requests a tenant may make each second at this edge, starts among"
                            + " them; 0 for any number");
    public static final Key<Integer> TENANT_REQUESTS_BURST =
            Key.of(
                    "edge.tenant-requests-burst",
                    Reader.number(1, 1_000_000),
                    "1000",
                    "how many of them at once, after a while without");
    public static final Key<Integer> TENANT_READERS_MAX =
            Key.of(
                    "edge.tenant-readers-max",
                    Reader.number(0, 1_000_000),
                    "0",
                    "how many readers a tenant may have at this edge at once; 0 for any number");
    public static final Key<Duration> IDEMPOTENCY_WINDOW =
            Key.of(
                    "edge.idempotency-window",
                    Reader.duration(),
                    "24h",
                    "how long starts with the same Idempotency-Key are one, 1s to 24h, and no longer"
                            + " than commands and events are kept; the same on every edge");
    public static final Key<Integer> IDEMPOTENCY_KEYS_MAX =
            Key.of(
                    "edge.idempotency-keys-max",
                    Reader.number(1, 10_000_000),
                    "100000",
                    "most such keys that are remembered, at some 400 bytes each; beyond it the one"
                            + " used least recently is forgotten; the same on every edge");

    private EdgeKeys() {}
}
