package io.tidemark.edge.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.schemas.Command.OnDisconnect;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;

class StartRequestTest {
    private static final Providers PROVIDERS = providers();

    private static Providers providers() {
        var apis = new LinkedHashMap<String, List<String>>();
        apis.put("first", List.of("openai.responses"));
        apis.put("second", List.of("openai.responses", "openai.chat"));
        return new Providers(apis);
    }

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
    void cancellingOnDisconnectIsRefusedWhileNobodyDoesIt() {
        var problem =
                refused(
                        """
                        {"api":"openai.chat","onDisconnect":"cancel","request":{"model":"m"}}\
                        """);

        assertThat(problem.field()).isEqualTo("onDisconnect");
        assertThat(problem.allowed()).containsExactly("continue");
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
