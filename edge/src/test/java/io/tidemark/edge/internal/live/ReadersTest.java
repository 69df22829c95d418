package io.tidemark.edge.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Random;

class ReadersTest {
    private final EdgeMetrics metrics = new EdgeMetrics(new SimpleMeterRegistry(), Records.CLOCK);
    private final Window window =
            new Window(1, Duration.ZERO, 1_000_000, 100, Records.CLOCK, metrics);
    private final ManualExecutor executor = new ManualExecutor();
    private final RecordingSink sink = new RecordingSink();

    private Readers readers(CatchUp catchUp) {
        var manners = new Manners(Duration.ZERO, Duration.ZERO, new Random(1));
        return new Readers(window, catchUp, manners, metrics, Records.CLOCK, 10);
    }

    private static EventLog noLog(int number) {
        throw new AssertionError("nobody reads, asked for " + number);
    }

    @Test
    void aReaderThatIsMadeWhileTheEdgeDrainsIsSentAway() {
        var id = Records.id(1);
        window.expect(id);
        try (var nobody = CatchUp.start(0, 10, ReadersTest::noLog)) {
            var readers = readers(nobody);
            readers.drain();
            readers.client(id, 0, new Loop(executor), sink).orElseThrow().start();
            assertThat(sink.opened).isTrue();

            executor.runAll();

            assertThat(sink.ended).isTrue();
            assertThat(sink.controls.getLast()).startsWith("retry: ");
            assertThat(readers.size()).isZero();
        }
    }
}
