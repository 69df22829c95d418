package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Roles that do not get ready. */
class SystemProcessIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /* It would wait for its Kafka, which says nothing, and then end with an error. */
    @Test
    void aStartThatIsInterruptedLeavesNoProcess() throws Exception {
        var others = ProcessHandle.current().children().collect(Collectors.toSet());
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var kafka = "kafka.bootstrap-servers=127.0.0.1:" + silent.getLocalPort();
            var thrown = new CompletableFuture<Exception>();
            var starting = Thread.ofPlatform().start(() -> thrown.complete(start(kafka)));
            await().atMost(PATIENCE).until(() -> !childrenBut(others).isEmpty());
            var started = childrenBut(others);

            starting.interrupt();

            assertThat(thrown)
                    .succeedsWithin(PATIENCE)
                    .isExactlyInstanceOf(InterruptedException.class);
            assertThat(started).noneMatch(ProcessHandle::isAlive);
        }
    }

    private static Exception start(String kafka) {
        try (var _ = SystemProcess.start("edge", List.of(kafka, "edge.port=0"))) {
            return new IllegalStateException("it got ready");
        } catch (Exception e) {
            return e;
        }
    }

    private static List<ProcessHandle> childrenBut(Set<ProcessHandle> others) {
        return ProcessHandle.current().children().filter(it -> !others.contains(it)).toList();
    }
}
