package io.tidemark.auditor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostCutTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "'{\"a\":1,\"cost\":{\"x\":[{\"y\":\"}\"}]}}', '{\"a\":1}'",
                "'{\"a\":1,\"cost\":{},\"b\":2}', '{\"a\":1,\"b\":2}'",
                "'{\"a\":1,\"cost\":{\"x\":\"\\\\\"}}', '{\"a\":1}'",
                "'{\"a\":1,\"cost\":{\"x\":\"\\\"}\"}}', '{\"a\":1}'"
            })
    void leavesOutTheCostOfTheRowAndNothingElse(String row, String cut) {
        assertThat(cut(row)).isEqualTo(cut);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "'{\"a\":1}'",
                "'{\"raw\":{\"a\":1,\"cost\":{}}}'",
                "'{\"raw\":[1,\"cost\",{}],\"b\":\",\\\"cost\\\":{}\"}'",
                "'{\"a\":1,\"cost\":5}'",
                "'no JSON, \"cost\":{'",
                "'{'"
            })
    void leavesEverythingElseAsItIs(String row) {
        assertThat(cut(row)).isEqualTo(row);
    }

    private static String cut(String row) {
        return new String(CostCut.without(row.getBytes(UTF_8)), UTF_8);
    }
}
