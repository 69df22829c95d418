package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;

class RoleProcessTest {
    /** Says that it works, and waits to be ended. */
    private static final String READY = "echo '" + RoleProcess.READY + "here'; exec sleep 600";

    /** Ends at once twice, which it counts in a file. */
    private static final String READY_IN_THE_END =
            "echo x >> times; [ $(wc -l < times) -gt 2 ] || exit 1; " + READY;

    private static final String NEVER_READY = "echo x >> times; exit 1";

    @TempDir private Path directory;

    @Test
    void whatRunsIsNotStartedASecondTime() throws Exception {
        try (var process = process(READY, _ -> false)) {
            process.start();

            assertThatThrownBy(process::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("it is running already");
            process.kill();
            process.start();
            assertThat(process.alive()).isTrue();
        }
    }

    @Test
    void whatEndsBeforeItIsReadyIsStartedAgainIfThatIsExcused() throws Exception {
        try (var process = process(READY_IN_THE_END, _ -> true)) {
            process.start();

            assertThat(process.alive()).isTrue();
            assertThat(process.startedAgain()).isEqualTo(2);
        }
    }

    @Test
    void whatEndsBeforeItIsReadyHasFailedIfNobodyWasAway() {
        try (var process = process(READY_IN_THE_END, _ -> false)) {
            assertNotReady(process);
            assertThat(process.startedAgain()).isZero();
        }
    }

    @Test
    void nothingIsStartedAgainForEver() {
        try (var process = process(NEVER_READY, _ -> true)) {
            assertNotReady(process);
            assertThat(process.startedAgain()).isEqualTo(RoleProcess.STARTED_AGAIN_MAX);
        }
    }

    @Test
    void whatIsClosedMeanwhileIsNotStartedAgain() {
        var closing = new AtomicReference<RoleProcess>();
        try (var process = process(NEVER_READY, _ -> closed(closing.get()))) {
            closing.set(process);

            assertNotReady(process);
            assertThat(process.startedAgain()).isZero();
        }
    }

    private static boolean closed(RoleProcess process) {
        process.close();
        return true;
    }

    @Test
    void wasAwayUntilItWasReadyAndSinceItEnded() throws Exception {
        try (var process = process(READY, _ -> false)) {
            long before = System.nanoTime();
            process.start();
            long after = System.nanoTime();

            assertThat(process.awaySince(before)).isTrue();
            assertThat(process.awaySince(after)).isFalse();
            process.kill();
            assertThat(process.awaySince(after)).isTrue();
        }
    }

    private static void assertNotReady(RoleProcess process) {
        assertThatThrownBy(process::start)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("it did not get ready, see ");
    }

    private RoleProcess process(String script, LongPredicate excusedSince) {
        var command = List.of("sh", "-c", "cd '" + directory + "' && " + script);
        return new RoleProcess("it", command, directory.resolve("log"), excusedSince);
    }
}
