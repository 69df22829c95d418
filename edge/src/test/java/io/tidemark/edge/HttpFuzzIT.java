package io.tidemark.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * Whatever is sent to the edge's port: requests put together from good, odd and wrong parts, then
 * mutilated byte by byte. It answers with HTTP or closes, it is never at a loss (500), it keeps no
 * reader, and it goes on to serve others.
 */
@RunsOnKafka
class HttpFuzzIT {
    private static final int SCHEDULES = 40;
    private static final int REQUESTS = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern ANSWERS =
            Pattern.compile("(?s)(HTTP/1\\.[01] (1|2|3|4)\\d\\d |HTTP/1\\.[01] 50[135] ).*|");

    private static final World WORLD = new World();
    private static final LogWriter STREAM = WORLD.writer().start().deltas(3).complete();
    private static final Client CLIENT =
            new Client(
                    WORLD.edge(
                            WORLD.impatient(
                                    new LimitsConfig(4_096, 65_536, 2_048, 500, 200),
                                    Duration.ofMillis(200),
                                    Duration.ofMillis(200),
                                    Duration.ofMillis(300))));

    private static final List<String> METHODS =
            List.of(
                    "GET",
                    "GET",
                    "GET",
                    "POST",
                    "POST",
                    "DELETE",
                    "HEAD",
                    "OPTIONS",
                    "TRACE",
                    "CONNECT",
                    "PRI",
                    "get",
                    "G\u0000T",
                    "");
    private static final List<String> PATHS =
            List.of(
                    "/v1/streams",
                    "/v1/streams/{id}",
                    "/v1/streams/{id}/events",
                    "/v1/streams/{id}/events",
                    "/v1/streams/{id}/cancel",
                    "/v1/streams/{id}/capabilities",
                    "/healthz",
                    "/metrics",
                    "/",
                    "*",
                    "",
                    "//",
                    "/v1/streams/",
                    "/v1/streams/{id}/",
                    "http://a/healthz",
                    "/v1/streams/00000000000000000000000000/events",
                    "/%00",
                    "/%zz",
                    "/\u00ff");
    private static final List<String> QUERIES =
            List.of(
                    "",
                    "",
                    "?after=0",
                    "?after=-1",
                    "?after=9223372036854775808",
                    "?after=",
                    "?after=1&after=2",
                    "?lastEventId=2",
                    "?types=text.delta",
                    "?types=,",
                    "?types=*",
                    "?batch=50",
                    "?batch=2001",
                    "?from=snapshot",
                    "?wait=20",
                    "?wait=x&limit=1",
                    "?limit=0",
                    "?unacked=1",
                    "?token=tmc_x.y.z",
                    "?%",
                    "?a=%zz",
                    "?=&&=");
    private static final List<String> HEADERS =
            List.of(
                    "Accept: text/event-stream",
                    "Accept: application/json",
                    "Accept: application/x-ndjson;q=0.5, */*;q=0",
                    "Accept: ;;q=",
                    "Accept: */*",
                    "Last-Event-ID: 1",
                    "Last-Event-ID: -1",
                    "Last-Event-ID: \u00e9",
                    "Idempotency-Key: \"k\"",
                    "Idempotency-Key: ",
                    "Content-Type: application/json",
                    "Content-Type: application/json; charset=latin1",
                    "Content-Length: 10",
                    "Content-Length: -1",
                    "Content-Length: 99999999999",
                    "Transfer-Encoding: chunked",
                    "Transfer-Encoding: gzip, chunked",
                    "Expect: 100-continue",
                    "Connection: close",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Upgrade: h2c",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Protocol: tidemark.v1",
                    "HTTP2-Settings: AAMAAABkAAQAAP__",
                    "Origin: null",
                    "Authorization: Bearer x",
                    "Authorization: Basic",
                    "traceparent: 00-0-0-0",
                    "X-Forwarded-Host: a\tb",
                    "Cookie: a=b; c",
                    "X: \u0001");
    private static final List<String> BODIES =
            List.of(
                    "",
                    "{}",
                    Client.START,
                    "[",
                    "\u0000",
                    "5\r\nhello\r\n0\r\n\r\n",
                    "ffffffff\r\n",
                    "0\r\nTrailer: x\r\n\r\n",
                    "{\"api\":\"openai.responses\"}",
                    "x".repeat(5_000));

    @AfterAll
    static void close() {
        CLIENT.close();
        WORLD.close();
    }

    static LongStream seeds() {
        return Seeds.upTo(SCHEDULES);
    }

    @ParameterizedTest(name = "-Dtest.seed={0}")
    @MethodSource("seeds")
    void whateverIsSentIsAnsweredOrClosedAndOthersAreServed(long seed) throws Exception {
        var random = new Random(seed);
        for (int i = 0; i < REQUESTS; i++) {
            var request = random.nextInt(3) == 0 ? mutilated(random) : request(random);
            assertThat(answer(request)).as(request).matches(ANSWERS);
        }
        assertThat(CLIENT.get("/healthz").statusCode()).isEqualTo(200);
        try (var events = CLIENT.events(STREAM.id)) {
            assertThat(Client.data(events.rest())).isEqualTo(STREAM.written());
        }
        await().atMost(PATIENCE).until(() -> WORLD.readers() == 0);
    }

    /* The client leaves when it has sent all and heard for a moment: nobody waits for it then. */
    private static String answer(String request) throws Exception {
        try (var raw = new RawHttp(CLIENT.base())) {
            raw.sendAsFarAsItIsTaken(request);
            return raw.readForAMoment();
        }
    }

    private static <T> T any(List<T> some, Random random) {
        return some.get(random.nextInt(some.size()));
    }

    private static String request(Random random) {
        var method = any(METHODS, random);
        /* What is erased is not there for the others. */
        var stream = method.equals("DELETE") ? WORLD.newId() : STREAM.id;
        var path = any(PATHS, random).replace("{id}", stream.toString());
        var request =
                new StringBuilder(method)
                        .append(' ')
                        .append(path)
                        .append(any(QUERIES, random))
                        .append(random.nextInt(20) == 0 ? " HTTP/1.0" : " HTTP/1.1")
                        .append("\r\n");
        if (random.nextInt(20) > 0) {
            request.append("Host: a\r\n");
        }
        for (int headers = random.nextInt(6); headers > 0; headers--) {
            request.append(any(HEADERS, random)).append("\r\n");
        }
        return request.append("\r\n").append(any(BODIES, random)).toString();
    }

    private static String mutilated(Random random) {
        byte[] bytes = request(random).getBytes(StandardCharsets.ISO_8859_1);
        for (int cuts = 1 + random.nextInt(4); cuts > 0; cuts--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }
}
