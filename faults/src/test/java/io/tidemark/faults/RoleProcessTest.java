package io.tidemark.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class RoleProcessTest {
    private static final int HEAP = 16;

    @TempDir private Path directory;

    /** Says that it works, and waits to be ended. */
    static final class Ready {
        private Ready() {}

        public static void main(String[] arguments) throws Exception {
            System.out.println(RoleProcess.READY + "here");
            Thread.currentThread().join();
        }
    }

    @Test
    void whatRunsIsNotStartedASecondTime() throws Exception {
        var main = List.of(Ready.class.getName());
        try (var process = new RoleProcess("it", HEAP, main, directory.resolve("log"))) {
            process.start();

            assertThatThrownBy(process::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("it is running already");
            process.kill();
            process.start();
            assertThat(process.alive()).isTrue();
        }
    }
}
