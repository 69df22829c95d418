package io.tidemark.edge;

import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Input that cannot be used gets an answer that names what is wrong, and leaves no trace in Kafka.
 */
@RunsOnKafka
class MalformedInputIT {
    private static final String ID =
            StreamId.mint(InstantSource.system(), new Random(3), 0).toString();
    private static final World WORLD = new World();
    private static final Client CLIENT =
            new Client(
                    WORLD.edge(
                            WORLD.impatient(
                                    new LimitsConfig(4_096, 65_536, 2_048, 100, 50),
                                    Duration.ofSeconds(5),
                                    Duration.ofMillis(300),
                                    Duration.ofSeconds(5))));

    @AfterAll
    static void close() {
        CLIENT.close();
        WORLD.close();
    }

    @AfterEach
    void nothingReachedKafka() {
        assertThat(WORLD.commands()).isEmpty();
    }

    static Stream<Arguments> bodies() {
        var request = "\"request\":{\"model\":\"m\"}";
        return Stream.of(
                Arguments.of("", "body"),
                Arguments.of("{", "body"),
                Arguments.of("[]", "body"),
                Arguments.of("null", "body"),
                Arguments.of("{} {}", "body"),
                Arguments.of(
                        "{\"api\":\"openai.responses\",\"api\":\"x\"," + request + "}", "body"),
                Arguments.of(
                        "{\"api\":\"openai.responses\",\"request\":{\"model\":\"a\",\"model\":\"b\"}}",
                        "body"),
                Arguments.of(
                        "{\"api\":\"openai.responses\",\"request\":{\"model\":\"m\",\"a\":"
                                + "[".repeat(99)
                                + "]".repeat(99)
                                + "}}",
                        "body"),
                Arguments.of("{" + request + "}", "api"),
                Arguments.of("{\"api\":7," + request + "}", "api"),
                Arguments.of("{\"api\":\"openai.telepathy\"," + request + "}", "api"),
                Arguments.of("{\"api\":\"openai.responses\",\"extra\":1," + request + "}", "extra"),
                Arguments.of(
                        "{\"api\":\"openai.responses\",\"provider\":\"nobody\"," + request + "}",
                        "provider"),
                Arguments.of(
                        "{\"api\":\"openai.chat\",\"provider\":\"other\"," + request + "}",
                        "provider"),
                Arguments.of("{\"api\":\"openai.responses\"}", "request"),
                Arguments.of("{\"api\":\"openai.responses\",\"request\":\"x\"}", "request"),
                Arguments.of("{\"api\":\"openai.responses\",\"request\":{}}", "request.model"),
                Arguments.of(
                        "{\"api\":\"openai.responses\",\"request\":{\"model\":\" \"}}",
                        "request.model"),
                Arguments.of(
                        "{\"api\":\"openai.responses\",\"onDisconnect\":\"explode\","
                                + request
                                + "}",
                        "onDisconnect"),
                Arguments.of(
                        "{\"api\":\"openai.responses\",\"metadata\":[]," + request + "}",
                        "metadata"),
                Arguments.of(
                        "{\"api\":\"openai.responses\",\"metadata\":{\"a\":1}," + request + "}",
                        "metadata.a"),
                Arguments.of(
                        "{\"api\":\"openai.responses\",\"metadata\":{\""
                                + "k".repeat(65)
                                + "\":\"\"},"
                                + request
                                + "}",
                        "metadata"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aBodyThatCannotBeUsedIsRefusedByField(String body, String field) throws Exception {
        var problem = problem(CLIENT.post("/v1/streams", body), 400, "invalid_request");

        assertThat(problem.path("field").asText()).isEqualTo(field);
    }

    @Test
    void whatWouldDoIsListed() throws Exception {
        var body = "{\"api\":\"openai.chat\",\"provider\":\"other\",\"request\":{\"model\":\"m\"}}";
        var problem = problem(CLIENT.post("/v1/streams", body), 400, "invalid_request");

        assertThat(problem.path("allowed").toString()).isEqualTo("[\"openai\"]");
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/jsonx"
    })
    void anotherContentTypeIsRefused(String contentType) throws Exception {
        var response =
                CLIENT.send(
                        CLIENT.request("/v1/streams")
                                .header("Content-Type", contentType)
                                .POST(BodyPublishers.ofString(Client.START)));
        assertThat(problem(response, 415, "unsupported_media_type").path("field").asText())
                .isEqualTo("Content-Type");
    }

    @ParameterizedTest
    @CsvSource({"POST,/v1/streams,image/png", "GET,/v1/streams/{id}/events,text/html"})
    void anUnacceptableTypeIsRefused(String method, String path, String accept) throws Exception {
        var response =
                CLIENT.send(
                        CLIENT.request(path.replace("{id}", ID))
                                .header("Content-Type", "application/json")
                                .header("Accept", accept)
                                .method(method, BodyPublishers.ofString(Client.START)));
        assertThat(problem(response, 406, "not_acceptable").path("field").asText())
                .isEqualTo("Accept");
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWithAndWithoutItsLength() throws Exception {
        var large = Client.START.replace("hello", "x".repeat(5_000));
        problem(CLIENT.post("/v1/streams", large), 413, "body_too_large");

        var chunked =
                CLIENT.request("/v1/streams")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(large)));
        problem(CLIENT.send(chunked), 413, "body_too_large");
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedFor() throws Exception {
        try (var raw = new RawHttp(CLIENT.base())) {
            raw.send(
                    "POST /v1/streams HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 100\r\n\r\n{\"api\":");
            assertThat(raw.readToEnd()).startsWith("HTTP/1.1 408").contains("request_timeout");
        }
    }

    static Stream<Arguments> whatIsNotHttp() {
        return Stream.of(
                Arguments.of("garbage", "\u0016\u0003\u0001 nonsense\r\n\r\n"),
                Arguments.of("no version", "GET /healthz\r\n\r\n"),
                Arguments.of("a malformed escape", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("a header without a name", get("Host: a\r\n: b\r\n")),
                Arguments.of("large headers", get("Host: a\r\nX: " + "y".repeat(20_000) + "\r\n")),
                Arguments.of("no Host", get("")),
                Arguments.of("two Hosts", get("Host: a\r\nHost: b\r\n")),
                Arguments.of("a bad Content-Length", get("Host: a\r\nContent-Length: x\r\n")),
                Arguments.of(
                        "two Content-Lengths",
                        get("Host: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n") + "{}"));
    }

    private static String get(String headers) {
        return "GET /healthz HTTP/1.1\r\n" + headers + "\r\n";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("whatIsNotHttp")
    void whatIsNotHttpIsAnsweredWithAProblemAndTheConnectionCloses(String what, String bytes)
            throws Exception {
        try (var raw = new RawHttp(CLIENT.base())) {
            raw.send(bytes);
            var answer = raw.readToEnd();

            assertThat(answer)
                    .as(what)
                    .startsWith("HTTP/1.1 400 ")
                    .contains("\r\nContent-Type: application/problem+json\r\n")
                    .contains("\r\nConnection: close\r\n");
            var body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
            assertThat(answer).contains("\r\nContent-Length: " + body.length() + "\r\n");
            assertThat(Client.JSON.readTree(body).path("code").asText())
                    .isEqualTo("malformed_request");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,/v1/streams,'GET, POST'",
        "DELETE,/v1/streams,'GET, POST'",
        "PUT,/v1/streams/{id},'GET, DELETE'",
        "POST,/v1/streams/{id}/events,GET",
        "GET,/v1/streams/{id}/cancel,POST",
        "POST,/healthz,GET",
        "POST,/,GET"
    })
    void anotherMethodIsRefused(String method, String path, String allow) throws Exception {
        var response =
                CLIENT.send(
                        CLIENT.request(path.replace("{id}", ID))
                                .method(method, BodyPublishers.ofString("{}")));

        problem(response, 405, "method_not_allowed");
        assertThat(response.headers().firstValue("Allow")).hasValue(allow);
    }

    @Test
    void headIsNotAWayToRead() throws Exception {
        var response =
                CLIENT.send(
                        CLIENT.request("/v1/streams/" + ID)
                                .method("HEAD", BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1",
        "/v1/streams/",
        "/v2/streams",
        "/v1/streams/{id}/nothing",
        "/v1/streams//events"
    })
    void anUnknownPathIsNotFound(String path) throws Exception {
        problem(CLIENT.get(path.replace("{id}", ID)), 404, "not_found");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/streams/abc",
        "GET,/v1/streams/abc/events",
        "POST,/v1/streams/abc/cancel",
        "GET,/v1/streams/8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
        "GET,/v1/streams/01ARZ3NDEKTSV4RRFFQ69G5FAU%0a",
        "GET,/v1/streams/01arz3ndektsv4rrffq69g5fav/events"
    })
    void aMalformedIdIsRefused(String method, String path) throws Exception {
        var response = CLIENT.send(CLIENT.request(path).method(method, BodyPublishers.noBody()));
        assertThat(problem(response, 400, "invalid_request").path("field").asText())
                .isEqualTo("id");
    }

    @ParameterizedTest
    @CsvSource({"-1", "1.5", "abc", "9007199254740992", "99999999999999999999", "0x1", "' '"})
    void aBadPlaceIsRefusedByItsName(String value) throws Exception {
        var header =
                CLIENT.send(
                        CLIENT.request(Client.events(StreamId.parse(ID), ""))
                                .header("Last-Event-ID", value));
        assertThat(problem(header, 400, "invalid_request").path("field").asText())
                .isEqualTo("Last-Event-ID");
        var after = CLIENT.get("/v1/streams/" + ID + "/events?after=" + value.replace(" ", "%20"));
        assertThat(problem(after, 400, "invalid_request").path("field").asText())
                .isEqualTo("after");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lastEventId=x|lastEventId",
                "lastEventId=1&lastEventId=1|lastEventId",
                "after=1&lastEventId=2|lastEventId",
                "types=|types",
                "types=text.delta,|types",
                "types=te*xt|types",
                "types=text%20delta|types",
                "types=a&types=b|types",
                "batch=2001|batch",
                "batch=-1|batch",
                "from=start|from",
                "from=snapshot&from=snapshot|from",
                "from=snapshot&after=1|from",
                "from=snapshot&lastEventId=1|from"
            })
    void aBadParameterIsRefusedByItsName(String query, String field) throws Exception {
        var events = CLIENT.get("/v1/streams/" + ID + "/events?" + query);
        assertThat(problem(events, 400, "invalid_request").path("field").asText()).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource({"types=*a,types", "batch=x,batch"})
    void aBadParameterOfAPostStartsNothing(String query, String field) throws Exception {
        var started = CLIENT.post("/v1/streams?" + query, Client.START);
        assertThat(problem(started, 400, "invalid_request").path("field").asText())
                .isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource({"wait=-1", "wait=30001", "wait=soon", "wait=1&wait=2"})
    void aBadWaitIsRefused(String query) throws Exception {
        var response = CLIENT.post("/v1/streams/" + ID + "/cancel?" + query, "");
        assertThat(problem(response, 400, "invalid_request").path("field").asText())
                .isEqualTo("wait");
    }

    @Test
    void anUnknownStreamIsNotCancelled() throws Exception {
        problem(CLIENT.post("/v1/streams/" + ID + "/cancel", ""), 404, "unknown_stream");
    }
}
