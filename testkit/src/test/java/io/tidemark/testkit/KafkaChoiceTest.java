package io.tidemark.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.testkit.Engine.Found;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaChoiceTest {
    private static final String IMAGE = "apache/kafka:1.2.3";
    private static final Engine READY = _ -> new Found.Ready("20.10.24");
    private static final Engine MISSING = _ -> new Found.Missing("no Docker engine answers");
    private static final Engine NOT_ASKED =
            _ -> {
                throw new AssertionError("asked");
            };

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = "auto")
    void byDefaultItIsAContainerWhereOneCanBeHad(String value) {
        assertThat(KafkaChoice.parse(value).decide(READY, IMAGE))
                .hasToString("container apache/kafka:1.2.3, engine 20.10.24");
    }

    @Test
    void byDefaultItIsEmbeddedElsewhereAndSaysWhy() {
        assertThat(KafkaChoice.parse("auto").decide(MISSING, IMAGE))
                .hasToString("embedded broker (no Docker engine answers)");
    }

    @Test
    void embeddedAsksForNoEngine() {
        assertThat(KafkaChoice.parse("embedded").decide(NOT_ASKED, IMAGE))
                .hasToString("embedded broker");
    }

    @Test
    void aContainerThatCannotBeHadIsAFailureThatSaysWhy() {
        assertThatThrownBy(() -> KafkaChoice.parse("container").decide(MISSING, IMAGE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("tests.kafka is container, and no Docker engine answers");
    }

    @Test
    void aContainerThatCanBeHadIsTheOneAskedFor() {
        assertThat(KafkaChoice.parse("container").decide(READY, IMAGE))
                .isEqualTo(new KafkaSource.Container(IMAGE, "20.10.24"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:9092", "10.0.0.1:9092,kafka-2.example:9093", "[::1]:9092"})
    void addressesAreAClusterAndAskForNoEngine(String value) {
        assertThat(KafkaChoice.parse(value).decide(NOT_ASKED, IMAGE))
                .hasToString("given cluster " + value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"docker", "Auto", "localhost", "localhost:", ":9092", "a:1,", "a:1 b:2"})
    void anythingElseIsNamedWithWhatIsAllowed(String value) {
        assertThatThrownBy(() -> KafkaChoice.parse(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("tests.kafka is " + value + "; allowed are auto, embedded,")
                .hasMessageContaining("HOST:PORT");
    }
}
