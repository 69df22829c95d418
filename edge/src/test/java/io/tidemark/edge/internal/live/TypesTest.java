package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text.delta|text.delta|true",
                "text.delta|text.deltas|false",
                "text.*|text.delta|true",
                "text.*|text|false",
                "te*|text.delta|true",
                "*|anything.at-all_2|true",
                "tool.*,text.delta|text.delta|true",
                "tool.*,text.delta|tool.call|true",
                "tool.*,text.delta|reasoning.delta|false",
                "of.a.later.version|of.a.later.version|true"
            })
    void namesAndBeginningsAreWanted(String patterns, String type, boolean wanted) {
        assertThat(Types.parse(patterns).want(type)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "a,", ",a", "*a", "a*b", "a**", "a b", "ä", "a/b"})
    void whatIsNoPatternIsRefused(String patterns) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Types.parse(patterns))
                .withMessageContaining("each pattern");
    }

    @Test
    void aListIsBounded() {
        var longest = "a".repeat(Types.PATTERN_CHARS_MAX);
        assertThat(Types.parse(longest).want(longest)).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> Types.parse(longest + "a"));
        assertThatIllegalArgumentException().isThrownBy(() -> Types.parse(longest + "*"));
        var most = "a" + ",a".repeat(Types.PATTERNS_MAX - 1);
        assertThat(Types.parse(most).want("a")).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> Types.parse(most + ",a"));
    }

    @Test
    void onlyTheStarLeavesNothingOut() {
        assertThat(Types.ALL.all()).isTrue();
        assertThat(Types.parse("a,*").all()).isTrue();
        assertThat(Types.parse("a*").all()).isFalse();
    }
}
