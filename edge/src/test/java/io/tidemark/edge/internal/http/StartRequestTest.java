package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.edge.internal.http.Providers.Route;
import io.tidemark.schemas.Command.OnDisconnect;
import io.tidemark.schemas.ModelPattern;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

class StartRequestTest {
    private static final List<Route> ROUTES =
            List.of(
                    new Route("all", patterns("*-all", "big-*"), List.of("second", "first")),
                    new Route("one", patterns("big-one*"), List.of("first")));

    private static List<ModelPattern> patterns(String... texts) {
        return Stream.of(texts).map(ModelPattern::new).toList();
    }

    private static Providers providers() {
        var apis = new LinkedHashMap<String, List<String>>();
        apis.put("first", List.of("openai.responses"));
        apis.put("second", List.of("openai.responses", "openai.chat"));
        return new Providers(apis, ROUTES);
    }

    private static final Providers PROVIDERS = providers();

    private static StartRequest parse(String json) {
        return StartRequest.parse(json.getBytes(StandardCharsets.UTF_8), PROVIDERS);
    }

    @Test
    void theDefaultProviderIsTheFirstThatSpeaksTheDialect() {
        assertThat(parse("{\"api\":\"openai.responses\",\"request\":{\"model\":\"m\"}}").provider())
                .isEqualTo("first");
        assertThat(parse("{\"api\":\"openai.chat\",\"request\":{\"model\":\"m\"}}").provider())
                .isEqualTo("second");
    }

    @Test
    void aRouteChoosesTheProviderWhereTheCallerDoesNot() {
        assertThat(routed("openai.responses", "big-two")).isEqualTo("second by all");
        assertThat(routed("openai.responses", "it-all")).isEqualTo("second by all");
        assertThat(routed("openai.responses", "small")).isEqualTo("first by null");
    }

    @Test
    void theRouteThatSpellsOutMoreOfTheModelWins() {
        assertThat(routed("openai.responses", "big-one-2")).isEqualTo("first by one");
    }

    @Test
    void aRouteWhoseProvidersDoNotSpeakTheDialectIsPassedBy() {
        assertThat(routed("openai.chat", "big-one-2")).isEqualTo("second by null");
    }

    @Test
    void whoNamesAProviderIsNotRouted() {
        var named =
                parse(
                        """
                        {"api":"neutral","provider":"first","request":{"model":"big-two","input":"x"}}
                        """);

        assertThat(named.provider()).isEqualTo("first");
        assertThat(named.route()).isNull();
    }

    private static String routed(String api, String model) {
        var request =
                parse("{\"api\":\"%s\",\"request\":{\"model\":\"%s\"}}".formatted(api, model));
        return request.provider() + " by " + request.route();
    }

    @Test
    void everythingGivenIsKept() {
        var request =
                parse(
                        """
                        {"api":"openai.responses","provider":"second","onDisconnect":"continue",
                         "metadata":{"a":"b"},"request":{"model":"m","stream":false,"t":1.50}}\
                        """);

        assertThat(request.provider()).isEqualTo("second");
        assertThat(request.onDisconnect()).isEqualTo(OnDisconnect.CONTINUE);
        assertThat(request.metadata()).containsEntry("a", "b");
        assertThat(request.request()).hasToString("{\"model\":\"m\",\"stream\":false,\"t\":1.50}");
    }

    @Test
    void aModelHasUpTo256Characters() {
        assertThat(parse(withModel("m".repeat(256))).model()).hasSize(256);
        assertThat(refused(withModel("m".repeat(257))))
                .satisfies(problem -> {
                    assertThat(problem.field()).isEqualTo("request.model");
                    assertThat(problem.detail()).contains("256", "257");
                });
    }

    private static String withModel(String model) {
        return "{\"api\":\"openai.chat\",\"request\":{\"model\":\"" + model + "\"}}";
    }

    @Test
    void aStreamGoesOnWithoutReadersUnlessItIsToBeCancelledThen() {
        assertThat(parse(withModel("m")).onDisconnect()).isEqualTo(OnDisconnect.CONTINUE);
        assertThat(parse(onDisconnect("cancel")).onDisconnect()).isEqualTo(OnDisconnect.CANCEL);
    }

    @Test
    void anotherPolicyIsRefused() {
        var problem = refused(onDisconnect("explode"));

        assertThat(problem.field()).isEqualTo("onDisconnect");
        assertThat(problem.allowed()).containsExactly("continue", "cancel");
    }

    private static String onDisconnect(String policy) {
        return "{\"api\":\"openai.chat\",\"onDisconnect\":\""
                + policy
                + "\",\"request\":{\"model\":\"m\"}}";
    }

    private static Problem refused(String json) {
        return catchThrowableOfType(ProblemException.class, () -> parse(json)).problem();
    }

    @Test
    void aBodyIsNestedUpToAHundredLevels() {
        assertThat(parse(withArrays(98)).request().path("input").isArray()).isTrue();
        assertThat(refused(withArrays(99)).detail()).contains("nested too deeply");
    }

    /** Two objects, and arrays in the inner one. */
    private static String withArrays(int levels) {
        return "{\"api\":\"openai.chat\",\"request\":{\"model\":\"m\",\"input\":"
                + "[".repeat(levels)
                + "]".repeat(levels)
                + "}}";
    }

    @Test
    void neitherProblemsNorTextQuoteTheRequest() {
        assertThatThrownBy(() -> parse("{\"api\":\"secret-prompt"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().json()).doesNotContain("secret"));
        assertThat(
                        parse(
                                        "{\"api\":\"openai.chat\",\"request\":{\"model\":\"m\",\"input\":\"secret\"}}")
                                .toString())
                .doesNotContain("secret");
    }
}
