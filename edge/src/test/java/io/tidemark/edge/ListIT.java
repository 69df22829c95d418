package io.tidemark.edge;

import static io.tidemark.edge.Client.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.schemas.StreamId;
import io.tidemark.testkit.RunsOnKafka;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Lists of a caller's streams ({@code docs/protocol.md}, section 11.11). */
@RunsOnKafka
class ListIT {
    private static final World WORLD = new World();
    private static final Client ACME =
            new Client(WORLD.edge(WORLD.config().with(Tenants.access())), Tenants.ACME);
    private static final Client GLOBEX = new Client(anEdge(), Tenants.GLOBEX);
    private static final Client ANYBODY = new Client(WORLD.edge());

    private static Edge anEdge() {
        return WORLD.edge(WORLD.config().with(Tenants.access()));
    }

    private final List<String> acmes = ids(7);

    @BeforeAll
    static void quiet() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @AfterAll
    static void close() {
        ACME.close();
        GLOBEX.close();
        ANYBODY.close();
        WORLD.close();
    }

    private static List<String> ids(int count) {
        return Stream.generate(WORLD::newId).limit(count).map(StreamId::toString).toList();
    }

    @BeforeEach
    void streams() {
        WORLD.projector.failure = 0;
        WORLD.projector.streams.put("acme", acmes);
        WORLD.projector.streams.put("globex", ids(2));
        WORLD.projector.streams.put("", ids(1));
        WORLD.projector.asked.clear();
    }

    private static JsonNode list(Client client, String query) throws Exception {
        var answer = client.get("/v1/streams" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        return Client.json(answer);
    }

    private static List<String> idsOf(JsonNode page) {
        var ids = new ArrayList<String>();
        page.path("streams").forEach(entry -> ids.add(entry.path("requestId").asText()));
        return ids;
    }

    @Test
    void eachSeesItsOwnStreamsAlone() throws Exception {
        var newestFirst = acmes.stream().sorted(Comparator.reverseOrder()).toList();

        assertThat(idsOf(list(ACME, ""))).isEqualTo(newestFirst);
        assertThat(idsOf(list(GLOBEX, ""))).hasSize(2).doesNotContainAnyElementsOf(acmes);
        assertThat(idsOf(list(ANYBODY, ""))).hasSize(1).doesNotContainAnyElementsOf(acmes);
        assertThat(WORLD.projector.asked).last().asString().doesNotContain("tenant");
    }

    @Test
    void pageByPageEachIsThereOnce() throws Exception {
        var seen = new ArrayList<String>();
        var page = list(ACME, "?limit=3");
        while (page.has("next")) {
            seen.addAll(idsOf(page));
            assertThat(page.path("next").asText()).matches("[A-Za-z0-9_-]+");
            page = list(ACME, "?limit=3&cursor=" + page.path("next").asText());
        }
        seen.addAll(idsOf(page));

        assertThat(seen).isEqualTo(acmes.stream().sorted(Comparator.reverseOrder()).toList());
    }

    @Test
    void theLimitMayChangeFromPageToPageAndTheOrderOfStatusesDoesNotCount() throws Exception {
        var first = list(ACME, "?limit=2&status=failed,completed");
        var next = first.path("next").asText();

        assertThat(idsOf(list(ACME, "?limit=5&status=completed,failed&cursor=" + next))).hasSize(5);
    }

    @Test
    void aCursorOfAnotherListIsRefused() throws Exception {
        var next = list(ACME, "?limit=2&provider=openai").path("next").asText();

        for (var query : List.of("", "?provider=other&", "?provider=openai&since=1&")) {
            var with = (query.isEmpty() ? "?" : query) + "cursor=" + next;
            var problem = problem(ACME.get("/v1/streams" + with), 400, "invalid_request");
            assertThat(problem.path("field").asText()).isEqualTo("cursor");
        }
        problem(GLOBEX.get("/v1/streams?provider=openai&cursor=" + next), 400, "invalid_request");
    }

    @Test
    void linksLeadToTheStream() throws Exception {
        var entry = list(ACME, "?limit=1").path("streams").path(0);
        var id = entry.path("requestId").asText();
        WORLD.projector.responses.put(id, "{\"tenant\":\"acme\"}");
        var response = entry.path("responseUrl").asText();

        assertThat(response).startsWith("/v1/streams/" + id + "?token=");
        assertThat(entry.path("eventsUrl").asText())
                .startsWith("/v1/streams/" + id + "/events?token=");
        try (var stranger = new Client(anEdge())) {
            assertThat(stranger.get(response).statusCode()).isEqualTo(200);
        }
        assertThat(list(ANYBODY, "").path("streams").path(0).path("responseUrl").asText())
                .doesNotContain("?");
    }

    @Test
    void aCapabilityIsNotEnough() throws Exception {
        var link = list(ACME, "?limit=1").path("streams").path(0).path("responseUrl").asText();
        var token = link.substring(link.indexOf('?'));
        try (var holder = new Client(anEdge())) {
            problem(holder.get("/v1/streams" + token), 401, "unauthorized");
            problem(holder.get("/v1/streams"), 401, "unauthorized");
        }
    }

    @Test
    void filtersGoToTheProjectorAsTheyAre() throws Exception {
        list(ACME, "?status=failed&model=gpt%2D*%26x&since=5&until=7&limit=9");

        assertThat(URI.create(WORLD.projector.asked.element()).getRawQuery().split("&"))
                .containsExactlyInAnyOrder(
                        "status=failed",
                        "model=gpt-*%26x",
                        "since=5",
                        "until=7",
                        "limit=9",
                        "tenant=acme");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status=done|status|in_progress",
                "status=|status|in_progress",
                "status=failed,|status|in_progress",
                "status=failed&status=completed|status|",
                "model=|model|",
                "provider=|provider|",
                "since=yesterday|since|",
                "since=-1|since|",
                "until=281474976710657|until|",
                "limit=0|limit|",
                "limit=201|limit|",
                "limit=1&limit=2|limit|",
                "cursor=|cursor|",
                "cursor=nonsense|cursor|",
                "before=01K00000000000000000000000|query|cursor",
                "statuses=failed|query|status",
            })
    void whatIsWrongIsNamed(String query, String field, String allowed) throws Exception {
        var problem = problem(ACME.get("/v1/streams?" + query), 400, "invalid_request");

        assertThat(problem.path("field").asText()).isEqualTo(field);
        assertThat(problem.path("detail").asText()).isNotBlank();
        if (allowed != null) {
            assertThat(problem.path("allowed").toString()).contains(allowed);
        }
        assertThat(WORLD.projector.asked).isEmpty();
    }

    @Test
    void aNameThatIsTooLongIsRefused() throws Exception {
        var problem =
                problem(ACME.get("/v1/streams?model=" + "m".repeat(257)), 400, "invalid_request");

        assertThat(problem.path("detail").asText()).contains("1 to 256").contains("257");
    }

    @Test
    void aListThatCannotBeToldSaysWhyAndOfWhatPartitions() throws Exception {
        WORLD.projector.failure = 503;
        WORLD.projector.problem = "{\"code\":\"restoring\",\"partitions\":[0,2]}";

        var answer = ACME.get("/v1/streams");

        var problem = problem(answer, 503, "projector_unavailable");
        assertThat(problem.path("reason").asText()).isEqualTo("restoring");
        assertThat(problem.path("partitions").toString()).isEqualTo("[0,2]");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void whatIsNoListIsNotPassedOn() throws Exception {
        WORLD.projector.failure = 500;
        assertThat(unavailable(ACME.get("/v1/streams"))).isEqualTo("unreachable");
        WORLD.projector.failure = 200;
        for (var body :
                List.of("{}", "[]", "{\"streams\":[{\"requestId\":\"x\"}]}", "{\"streams\":")) {
            WORLD.projector.problem = body;
            assertThat(unavailable(ACME.get("/v1/streams"))).isEqualTo("unreachable");
        }

        try (var nobody =
                new Client(
                        WORLD.edge(
                                WORLD.config()
                                        .withProjectors(
                                                List.of(URI.create("http://127.0.0.1:1")))))) {
            assertThat(unavailable(nobody.get("/v1/streams"))).isEqualTo("unreachable");
        }
    }

    private static String unavailable(HttpResponse<String> answer) throws Exception {
        return problem(answer, 503, "projector_unavailable").path("reason").asText();
    }

    @Test
    void aProjectorThatIsGoneIsPassedBy() throws Exception {
        var projectors = List.of(URI.create("http://127.0.0.1:1"), WORLD.projector.address());
        var config = WORLD.config().with(Tenants.access()).withProjectors(projectors);
        try (var client = new Client(WORLD.edge(config), Tenants.ACME)) {
            for (int question = 0; question < 4; question++) {
                assertThat(idsOf(list(client, ""))).hasSize(acmes.size());
            }
        }
    }

    @Test
    void aListIsReadAndAStartIsPosted() throws Exception {
        var refused = ACME.send(ACME.request("/v1/streams").method("PUT", BodyPublishers.noBody()));

        problem(refused, 405, "method_not_allowed");
        assertThat(refused.headers().firstValue("Allow")).hasValue("GET, POST");
        assertThat(ACME.post("/v1/streams", Client.START).statusCode()).isEqualTo(201);
    }
}
