package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleShapeTest {
    @Test
    void isReadAsItIsWritten() {
        var shape = ScaleShape.parse("3x1");

        assertThat(shape).isEqualTo(new ScaleShape(3, 1));
        assertThat(shape).hasToString("3x1");
        assertThat(shape.label()).isEqualTo("3 workers, 1 edge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3", "0x1", "1x10", "1x", "1 x 1", "-1x1"})
    void whatIsNoneIsRefusedWithWhatIsAllowed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScaleShape.parse(text))
                .withMessage("must be workers x edges, each 1 to 9, such as 3x1, was '%s'", text);
    }
}
