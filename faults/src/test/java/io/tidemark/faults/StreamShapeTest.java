package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

class StreamShapeTest {
    private final List<StreamShape> drawn =
            Stream.generate(new Drawing(new Random(1))::next).limit(200).toList();

    private record Drawing(Random random) {
        StreamShape next() {
            return StreamShape.draw(random, Duration.ofSeconds(20));
        }
    }

    @Test
    void someAreForReadersSomeInBackgroundAndSomeBoth() {
        assertThat(drawn).anyMatch(it -> it.forReaders() && !it.background());
        assertThat(drawn).anyMatch(it -> !it.forReaders() && it.background());
        assertThat(drawn).anyMatch(it -> it.forReaders() && it.background());
        assertThat(drawn).anyMatch(it -> !it.forReaders() && !it.background());
    }

    @Test
    void theRequestAsksForWhatTheShapeSays() {
        assertThat(drawn)
                .allSatisfy(it -> {
                    var request = it.request();
                    assertThat(request.path("onDisconnect").asText("continue"))
                            .isEqualTo(it.forReaders() ? "cancel" : "continue");
                    assertThat(request.at("/request/background").asBoolean())
                            .isEqualTo(it.background());
                });
    }
}
