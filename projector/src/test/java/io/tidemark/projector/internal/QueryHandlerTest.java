package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.projector.SampleStream;

import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicReference;

final class QueryHandlerTest {
    private final SampleStream stream = SampleStream.of(0, 1, 20);
    private final TopologyFixture topology = new TopologyFixture();
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private final QueryHandler handler = Handlers.alone(topology, state::get);

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void answersWithTheResponse() throws Exception {
        topology.append(stream.records());

        var answer = get("/v1/responses/" + stream.id() + "?minSequence=22&waitMs=100");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.body()).isEqualTo(topology.responseRecords().getFirst().value());
    }

    @Test
    void doesNotKnowAStreamThatIsNotThere() throws Exception {
        var answer = get("/v1/responses/" + stream.id());

        assertThat(answer.status()).isEqualTo(404);
        assertThat(problem(answer).path("code").asText()).isEqualTo("unknown_stream");
    }

    @Test
    void saysThatAStreamWasErasedAndWhoseItWas() throws Exception {
        topology.append(stream.records()).erase(stream.id());

        var answer = get("/v1/responses/" + stream.id() + "?minSequence=22&waitMs=100");

        assertThat(answer.status()).isEqualTo(410);
        assertThat(problem(answer).path("code").asText()).isEqualTo("erased");
        assertThat(problem(answer).path("tenant").asText()).isEqualTo("acme");
    }

    @Test
    void saysToComeBackWhenItIsBehind() throws Exception {
        topology.append(stream.records(0, 9));

        var answer = get("/v1/responses/" + stream.id() + "?minSequence=10&waitMs=1");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsEntry("Retry-After", "1");
        assertThat(problem(answer).path("code").asText()).isEqualTo("behind");
    }

    @ParameterizedTest
    @CsvSource({
        "nonsense, id",
        "01K0000000000000000000000?waitMs=1, id",
        "%2e%2e, id",
        "ID?minSequence=-1, minSequence",
        "ID?minSequence=x, minSequence",
        "ID?minSequence=, minSequence",
        "ID?minSequence=9223372036854775808, minSequence",
        "ID?minSequence=1&minSequence=2, minSequence",
        "ID?waitMs=10001, waitMs",
        "ID?wait=1, query",
        "ID?&, query",
    })
    void namesWhatIsWrongWithAQuery(String query, String field) throws Exception {
        var answer = get("/v1/responses/" + query.replace("ID", stream.id().toString()));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(problem(answer).path("code").asText()).isEqualTo("bad_request");
        assertThat(problem(answer).path("field").asText()).isEqualTo(field);
    }

    @Test
    void listsStreams() throws Exception {
        topology.append(stream.records());
        topology.log.end = stream.length();

        var answer = get("/v1/streams?status=completed,failed&model=gpt*&limit=1");

        assertThat(answer.status()).isEqualTo(200);
        var entry = problemless(answer).path("streams").path(0);
        assertThat(entry.path("requestId").asText()).isEqualTo(stream.id().toString());
        assertThat(entry.path("usage").path("output").asLong()).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource({
        "status=done, status",
        "status=, status",
        "status=completed&status=failed, status",
        "since=x, since",
        "until=-1, until",
        "until=281474976710657, until",
        "before=nonsense, before",
        "limit=0, limit",
        "limit=201, limit",
        "partitions=1;x, partitions",
        "statuses=completed, query",
    })
    void namesWhatIsWrongWithAQuestionForAList(String query, String field) throws Exception {
        var answer = get("/v1/streams?" + query.replace(';', ','));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(problem(answer).path("field").asText()).isEqualTo(field);
    }

    @Test
    void saysWhichPartitionsCannotBeListedAndWhy() throws Exception {
        topology.log.end = 7;

        var answer = get("/v1/streams");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsEntry("Retry-After", "1");
        assertThat(problem(answer).path("code").asText()).isEqualTo("behind");
        assertThat(problem(answer).path("partitions").toString()).isEqualTo("[0]");
    }

    @Test
    void countsAQueryUntilItsAnswerIsSent() throws Exception {
        topology.append(stream.records());
        var path = "/v1/responses/" + stream.id();
        var meanwhile = new ArrayList<Reply>();

        handler.handle(
                "GET",
                URI.create(path),
                false,
                _ -> {
                    try {
                        meanwhile.add(get(path));
                    } catch (Exception e) {
                        throw new IOException(e);
                    }
                });

        assertThat(meanwhile).extracting(Reply::status).containsExactly(503);
        assertThat(get(path).status()).isEqualTo(200);
    }

    @Test
    void canOnlyBeRead() throws Exception {
        var answer = ask("POST", "/v1/responses/" + stream.id());

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("Allow", "GET");
        assertThat(problem(answer).path("field").asText()).isEqualTo("method");
    }

    @Test
    void hasNoOtherResources() throws Exception {
        assertThat(problem(get("/v1/usage")).path("code").asText()).isEqualTo("not_found");
    }

    @Test
    void isReadyOnlyWhileItRuns() throws Exception {
        assertThat(get("/readyz").status()).isEqualTo(200);

        state.set(State.REBALANCING);

        assertThat(get("/readyz").status()).isEqualTo(503);
        assertThat(get("/readyz").headers()).containsEntry("Retry-After", "1");
        assertThat(get("/healthz").status()).isEqualTo(200);
    }

    @Test
    void isIllWhenItsThreadsAreDead() throws Exception {
        state.set(State.ERROR);

        assertThat(get("/healthz").status()).isEqualTo(503);
        assertThat(problem(get("/healthz")).path("code").asText()).isEqualTo("dead");
    }

    private Reply get(String path) throws Exception {
        return ask("GET", path);
    }

    private Reply ask(String method, String path) throws Exception {
        var replies = new ArrayList<Reply>();
        handler.handle(method, URI.create(path), false, replies::add);
        assertThat(replies).hasSize(1);
        return replies.getFirst();
    }

    private static JsonNode problemless(Reply answer) throws IOException {
        assertThat(answer.mediaType()).isEqualTo("application/json");
        return new ObjectMapper().readTree(answer.body());
    }

    private static JsonNode problem(Reply answer) throws IOException {
        assertThat(answer.mediaType()).isEqualTo(Problem.MEDIA_TYPE);
        return new ObjectMapper().readTree(answer.body());
    }
}
