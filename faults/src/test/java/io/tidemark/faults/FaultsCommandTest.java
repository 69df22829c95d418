package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.PrintWriter;
import java.io.StringWriter;

class FaultsCommandTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--brokers=2",
                "--brokers=x",
                "--seed=x",
                "--rate=0",
                "--for=0s",
                "--without=worker lost",
                "--plan=rotating",
                "--plan=rolling --brokers=1",
                "--plan=brokers --without=worker killed",
                "--plan=rolling --projectors"
            })
    void misuseIsNoFailure(String options) {
        var words = options.split(" (?=--)");
        var err = new StringWriter();

        int exitCode =
                FaultsCommand.commandLine().setErr(new PrintWriter(err, true)).execute(words);

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("must be").doesNotContain("\tat ");
    }
}
