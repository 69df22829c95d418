package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.PrintWriter;
import java.io.StringWriter;

class FaultsCommandTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"--brokers=2", "--seed=x", "--rate=0", "--for=0s", "--without=worker lost"})
    void misuseIsNoFailure(String option) {
        var err = new StringWriter();

        int exitCode =
                FaultsCommand.commandLine().setErr(new PrintWriter(err, true)).execute(option);

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("must be").doesNotContain("\tat ");
    }
}
