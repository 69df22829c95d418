package io.tidemark.devkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.http.HttpResponse;

/** What fails at first and passes later. */
class ProviderSimulatorRetriesIT {

    private final ProviderSimulator simulator =
            ProviderSimulator.start(ProviderSimulatorConfig.DEFAULT);
    private final SimulatorClient client = new SimulatorClient(simulator);

    @AfterEach
    void stop() {
        client.close();
        simulator.close();
    }

    @ParameterizedTest
    @EnumSource
    void theFirstAttemptsOfASeriesFailAndThenItSucceeds(SimulatedApi api) throws Exception {
        assertThat(attempt(api, "first", "one")).isEqualTo("529 9");
        assertThat(attempt(api, "second, in other words", "one")).isEqualTo("529 9");
        assertThat(attempt(api, "third", "one")).isEqualTo("200 ");
        assertThat(attempt(api, "fourth", "one")).isEqualTo("200 ");
        assertThat(attempt(api, "first", "another")).isEqualTo("529 9");
    }

    private String attempt(SimulatedApi api, String model, String series) throws Exception {
        var answer =
                client.post(
                        api,
                        model,
                        "sim_fail_first",
                        "2",
                        "sim_series",
                        series,
                        "sim_status",
                        "529",
                        "sim_retry_after",
                        "9");
        return answer.statusCode() + " " + answer.headers().firstValue("retry-after").orElse("");
    }

    @Test
    void withoutASeriesTheSameBodyIsTheSameAttemptAndPassesAfterASecond() throws Exception {
        var api = SimulatedApi.RESPONSES;
        var first = client.post(api, "sim-answer", "sim_fail_first", "1");

        assertThat(first.statusCode()).isEqualTo(503);
        assertThat(first.headers().firstValue("retry-after")).hasValue("1");
        assertThat(client.post(api, "sim-answer", "sim_fail_first", "1").statusCode())
                .isEqualTo(200);
        assertThat(client.post(api, "sim-tool", "sim_fail_first", "1").statusCode()).isEqualTo(503);
    }

    @Test
    void afterTheFirstAttemptsTheFaultItselfHasItsTurn() throws Exception {
        var api = SimulatedApi.CHAT;
        var asked =
                new String[] {
                    "sim_fail_first", "1", "sim_fault", "content_type", "sim_fault_times", "1"
                };

        assertThat(client.post(api, "sim-answer", asked).statusCode()).isEqualTo(503);
        assertThat(contentType(client.post(api, "sim-answer", asked))).isEqualTo("text/html");
        assertThat(contentType(client.post(api, "sim-answer", asked)))
                .startsWith("text/event-stream");
    }

    private static String contentType(HttpResponse<String> answer) {
        return answer.headers().firstValue("content-type").orElseThrow();
    }
}
