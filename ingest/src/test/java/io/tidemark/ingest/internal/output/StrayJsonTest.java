package io.tidemark.ingest.internal.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class StrayJsonTest {
    private static final List<String> ERROR =
            List.of("{", "  \"error\": {", "    \"code\": 499", "  }", "}");

    private final StrayJson stray = new StrayJson();

    private Optional<JsonNode> last(List<String> lines) {
        Optional<JsonNode> found = Optional.empty();
        for (var line : lines) {
            assertThat(found).isEmpty();
            found = stray.error(line);
        }
        return found;
    }

    @Test
    void anErrorOverSeveralLinesIsFoundInItsLast() {
        assertThat(last(ERROR))
                .hasValueSatisfying(
                        json -> assertThat(json.at("/error/code").asInt()).isEqualTo(499));
    }

    @Test
    void anErrorInAnArrayIsFound() {
        assertThat(last(List.of("[{", "  \"error\": {}", "}", "]"))).isPresent();
    }

    @Test
    void anErrorAfterOtherLinesIsFound() {
        assertThat(last(List.of("odd", "  \"error\": 1", "}"))).isEmpty();

        assertThat(last(ERROR)).isPresent();
    }

    @Test
    void whatIsNoErrorIsNone() {
        assertThat(last(List.of("{", "  \"ok\": true", "}"))).isEmpty();
        assertThat(last(List.of("{", "  \"error\": null", "}"))).isEmpty();
        assertThat(last(ERROR)).isPresent();
    }

    @Test
    void whatAnEventInterruptsDoesNotGoOn() {
        last(ERROR.subList(0, 3));

        stray.forget();

        assertThat(last(ERROR.subList(3, 5))).isEmpty();
    }

    @Test
    void tooManyLinesAreForgotten() {
        stray.error("{");
        for (int i = 1; i <= StrayJson.LINES_MAX; i++) {
            assertThat(stray.error("  \"a" + i + "\": 1,")).isEmpty();
        }

        assertThat(last(ERROR)).isPresent();
    }

    @Test
    void tooManyCharactersAreForgotten() {
        stray.error("{");
        stray.error("x".repeat(StrayJson.CHARS_MAX));

        assertThat(last(ERROR)).isPresent();
    }
}
