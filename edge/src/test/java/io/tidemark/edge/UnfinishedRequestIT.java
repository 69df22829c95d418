package io.tidemark.edge;

import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.RunsOnKafka;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests whose bodies come late, or not at all, hold neither connections nor memory. */
@RunsOnKafka
class UnfinishedRequestIT {
    private static final String START =
            "POST /v1/streams HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n";
    private static final World WORLD = new World();
    private static final Client CLIENT =
            new Client(
                    WORLD.edge(
                            WORLD.config().with(new LimitsConfig(4_096, 4_096, 2_048, 100, 50))));

    @AfterAll
    static void close() {
        CLIENT.close();
        WORLD.close();
    }

    @ParameterizedTest
    @CsvSource({
        "POST /v1/streams,Content-Type: text/plain,415",
        "PUT /v1/streams,Content-Type: application/json,405",
        "POST /nowhere,Content-Type: application/json,404",
        "POST /v1/streams/abc/cancel,Accept: */*,400",
        "GET /healthz,Accept: */*,200",
        "GET /healthz,Transfer-Encoding: gzip,501"
    })
    void anAnswerThatDoesNotNeedTheBodyDoesNotWaitForItForEver(
            String request, String header, int status) throws Exception {
        try (var raw = new RawHttp(CLIENT.base())) {
            var length = header.startsWith("Transfer") ? "" : "Content-Length: 100\r\n";
            raw.send(request + " HTTP/1.1\r\nHost: a\r\n" + header + "\r\n" + length + "\r\n");

            assertThat(raw.readToEnd()).startsWith("HTTP/1.1 " + status);
        }
    }

    @Test
    void aBodyThatComesAfterTheAnswerLeavesTheConnectionAsItWas() throws Exception {
        try (var raw = new RawHttp(CLIENT.base())) {
            raw.send("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n");
            raw.readUntil("not_found\"}");
            raw.send("{}GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(raw.readUntil("{\"status\":\"ok\"}")).startsWith("HTTP/1.1 200");
        }
    }

    private static String expecting(String framing) {
        return START + framing + "\r\n\r\n";
    }

    @Test
    void bodiesOnTheirWayAreBoundedTogether() throws Exception {
        try (var slow = new RawHttp(CLIENT.base())) {
            slow.send(expecting("Content-Length: 4000"));
            slow.readUntil("100 Continue\r\n\r\n");

            problem(CLIENT.post("/v1/streams", Client.START), 503, "busy");

            slow.send(" ".repeat(4_000 - Client.START.length()) + Client.START);
            slow.readUntil("cancel\"}");
            assertThat(CLIENT.post("/v1/streams", Client.START).statusCode()).isEqualTo(201);
        }
    }

    @Test
    void theRoomOfABodyThatNeverComesIsGivenBack() throws Exception {
        try (var gone = new RawHttp(CLIENT.base())) {
            gone.send(expecting("Transfer-Encoding: chunked"));
            gone.readUntil("100 Continue\r\n\r\n");
            problem(CLIENT.post("/v1/streams", Client.START), 503, "busy");
        }

        Awaitility.await()
                .until(() -> CLIENT.post("/v1/streams", Client.START).statusCode() == 201);
    }
}
