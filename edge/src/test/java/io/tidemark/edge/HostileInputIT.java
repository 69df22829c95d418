package io.tidemark.edge;

import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;

import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Clients that mean no good: they get nowhere, and others are served meanwhile. */
@RunsOnKafka
class HostileInputIT {
    private static final Duration REQUEST_MAX = Duration.ofMillis(700);
    private static final Duration BODY_MAX = Duration.ofMillis(700);
    private static final Duration IDLE_MAX = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String JSON = "Content-Type: application/json";
    private static final String SPLIT =
            "a\r\nSet-Cookie: a=b\r\n\r\n<p>\n\nid: 99\nevent: forged\ndata: {}\n\n";

    private static final World WORLD = new World();
    private static final Client CLIENT =
            new Client(
                    WORLD.edge(
                            WORLD.impatient(
                                    new LimitsConfig(4_096, 65_536, 8_192, 12_000, 500),
                                    REQUEST_MAX,
                                    BODY_MAX,
                                    IDLE_MAX)));

    @AfterAll
    static void close() {
        CLIENT.close();
        WORLD.close();
    }

    private static void othersAreServed() throws Exception {
        assertThat(CLIENT.get("/healthz").statusCode()).isEqualTo(200);
    }

    private static void refusesAndCloses(String request) throws Exception {
        try (var raw = new RawHttp(CLIENT.base())) {
            raw.sendAsFarAsItIsTaken(request);
            assertThat(raw.readToEnd()).startsWith("HTTP/1.1 400 ").contains("malformed_request");
        }
        othersAreServed();
    }

    @Test
    void manySmallHeadersAreOneLargeOne() throws Exception {
        refusesAndCloses(
                "GET /healthz HTTP/1.1\r\nHost: a\r\n" + "a: b\r\n".repeat(5_000) + "\r\n");
    }

    @Test
    void aHeaderThatDoesNotEndIsNotRead() throws Exception {
        refusesAndCloses("GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(1_000_000));
    }

    @Test
    void aPathThatDoesNotEndIsNotRead() throws Exception {
        refusesAndCloses("GET /" + "x".repeat(1_000_000));
    }

    @Test
    void manyParametersAreRefused() throws Exception {
        refusesAndCloses("GET /healthz?" + "a&".repeat(3_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    private static String start(String framing) {
        var lines = List.of("POST /v1/streams HTTP/1.1", "Host: a", JSON, framing, "");
        return String.join("\r\n", lines) + "\r\n";
    }

    static Stream<String> beginnings() {
        return Stream.of(
                "GET /healthz HTTP/1.1\r\nHost: a\r\nX: ",
                start("Content-Length: 4000"),
                start("Transfer-Encoding: chunked") + "400\r\n");
    }

    /* One byte now and then is no request either. */
    @ParameterizedTest
    @MethodSource("beginnings")
    void whoTricklesARequestIsNotWaitedFor(String begin) throws Exception {
        try (var raw = new RawHttp(CLIENT.base())) {
            long from = System.nanoTime();
            raw.send(begin);
            var over = new CountDownLatch(1);
            var trickle = Thread.ofVirtual().start(() -> trickle(raw, over));
            raw.readToItsEnd();
            over.countDown();
            trickle.join();

            assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(PATIENCE);
        }
        othersAreServed();
    }

    private static void trickle(RawHttp raw, CountDownLatch over) {
        try {
            while (!over.await(50, TimeUnit.MILLISECONDS)) {
                raw.send("x");
            }
        } catch (IOException | InterruptedException e) {
            // The edge has had enough.
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTurn() throws Exception {
        int count = 200;
        try (var raw = new RawHttp(CLIENT.base())) {
            var requests = new StringBuilder();
            for (int i = 0; i < count; i++) {
                requests.append("GET /v1/n").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
                requests.append("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            raw.send(requests.toString());
            for (int i = 0; i < count; i++) {
                assertThat(raw.readUntil("not_found\"}")).startsWith("HTTP/1.1 404 ");
                assertThat(raw.readUntil("{\"status\":\"ok\"}")).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void whoHasClosedItsHalfBehindARequestIsAnswered() throws Exception {
        try (var raw = new RawHttp(CLIENT.base())) {
            raw.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
            raw.shutdownOutput();

            assertThat(raw.readToEnd()).startsWith("HTTP/1.1 200 ").endsWith("{\"status\":\"ok\"}");
        }
    }

    @Test
    void whoHasClosedItsHalfInARequestIsForgotten() throws Exception {
        for (var part : new String[] {"GET /hea", "GET /healthz HTTP/1.1\r\nHo", ""}) {
            try (var raw = new RawHttp(CLIENT.base())) {
                raw.send(part);
                raw.shutdownOutput();

                assertThat(raw.readToEnd()).doesNotContain(" 200 ");
            }
        }
        othersAreServed();
    }

    @Test
    void aReaderThatHasClosedItsHalfHoldsNothing() throws Exception {
        var writer = WORLD.writer().start();
        try (var raw = new RawHttp(CLIENT.base())) {
            raw.send("GET " + Client.events(writer.id, "") + " HTTP/1.1\r\nHost: a\r\n\r\n");
            raw.readUntil("id: 0\n");
            assertThat(WORLD.readers()).isEqualTo(1);

            raw.shutdownOutput();

            await().atMost(PATIENCE).until(() -> WORLD.readers() == 0);
        }
    }

    /* Both ends of a connection are files of this process. */
    private static int silentMax() {
        var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long files = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
        return (int) Math.min(10_000, (files - 500) / 2);
    }

    @Test
    void thousandsThatSayNothingStopNobodyAndAreSentAway() throws Exception {
        var address = new InetSocketAddress(CLIENT.base().getHost(), CLIENT.base().getPort());
        List<SocketChannel> silent = new ArrayList<>();
        try {
            int count = silentMax();
            System.out.println("connections that say nothing: " + count);
            assertThat(count).isGreaterThan(1_000);
            for (int i = 0; i < count; i++) {
                silent.add(SocketChannel.open(address));
            }
            othersAreServed();
            var writer = WORLD.writer().start().deltas(3).complete();
            try (var events = CLIENT.events(writer.id)) {
                assertThat(Client.data(events.rest())).isEqualTo(writer.written());
            }

            for (var channel : silent) {
                channel.socket().setSoTimeout((int) PATIENCE.toMillis());
                assertThat(closed(channel)).isTrue();
            }
        } finally {
            for (var channel : silent) {
                channel.close();
            }
        }
        othersAreServed();
    }

    private static boolean closed(SocketChannel channel) throws IOException {
        try {
            return channel.socket().getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void metadataSplitsNoResponse() throws Exception {
        var body = Client.JSON.createObjectNode().put("api", "openai.responses");
        body.putObject("request").put("model", "m").put("input", "x");
        body.putObject("metadata").put("m", SPLIT);

        var created = CLIENT.post("/v1/streams", body.toString());

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().map()).doesNotContainKey("set-cookie");
        assertThat(created.body()).doesNotContain("Set-Cookie");
    }

    @Test
    void metadataForgesNoEvent() throws Exception {
        var writer = WORLD.writer();
        writer.write(
                        new Started(
                                "openai",
                                "m",
                                "openai.responses",
                                null,
                                1,
                                null,
                                null,
                                null,
                                Map.of("m", SPLIT)))
                .deltas(1)
                .complete()
                .flush();

        try (var events = CLIENT.events(writer.id)) {
            var read = events.rest();
            assertThat(Client.ids(read)).containsExactly("0", "1", "2");
            assertThat(Client.data(read)).isEqualTo(writer.written());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/streams/../../etc/passwd",
                "/v1/streams/%2e%2e/%2e%2e/etc/passwd",
                "/v1/streams/..%2f..%2fhealthz",
                "/v1//streams/x/events",
                "/v1/streams/%00",
                "/v1/streams/x;jsessionid=1/events",
                "/v1/streams\\..\\x",
                "//healthz",
                "/healthz/",
                "/./healthz",
                "/healthz/../metrics"
            })
    void aPathIsTakenAsItStands(String path) throws Exception {
        try (var raw = new RawHttp(CLIENT.base())) {
            raw.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(raw.readToEnd()).containsPattern("^HTTP/1.1 4(00|04) ");
        }
    }

    @Test
    void aRequestForAnotherHostIsOursAllTheSameAndNamesItNowhere() throws Exception {
        try (var raw = new RawHttp(CLIENT.base())) {
            var length = "Content-Length: " + Client.START.length();
            raw.send(
                    start("X-Forwarded-Host: evil.example\r\nConnection: close\r\n" + length)
                                    .replace("Host: a", "Host: evil.example")
                            + Client.START);

            assertThat(raw.readToEnd())
                    .startsWith("HTTP/1.1 201 ")
                    .contains("Location: /v1/streams/")
                    .doesNotContain("evil.example");
        }
    }

    @Test
    void aTokenInTheQueryIsRepeatedNowhere() throws Exception {
        var secret = "tmc_" + "s3cr3t".repeat(8);
        var response = CLIENT.get(Client.events(WORLD.newId(), "?after=x&token=" + secret));

        problem(response, 400, "invalid_request");
        assertThat(response.body() + response.headers().map()).doesNotContain("s3cr3t");
    }

    @Test
    void aBodyThatIsADeepOrWideTreeIsRefusedInTime() throws Exception {
        try (var raw = new RawHttp(CLIENT.base())) {
            var deep = "{\"a\":".repeat(800);
            raw.send(start("Connection: close\r\nContent-Length: " + deep.length()) + deep);
            assertThat(raw.readToEnd()).startsWith("HTTP/1.1 400 ").contains("invalid_request");
        }
    }
}
