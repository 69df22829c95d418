package io.tidemark.projector.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class StateFolderTest {
    @TempDir Path stateDir;
    private Path store;
    private Path processFile;

    @BeforeEach
    void fill() throws IOException {
        store = stateDir.resolve("app/0_1/rocksdb/pieces/000001.log");
        processFile = stateDir.resolve("app/kafka-streams-process-metadata");
        Files.createDirectories(store.getParent());
        Files.writeString(store, "state");
        Files.writeString(processFile, "{}");
    }

    @Test
    void keepsStoresThatWereLeftInOrder() {
        folder().end();

        folder().begin();

        assertThat(store).exists();
    }

    @Test
    void deletesStoresThatWereLeftInTheMiddle() {
        folder().end();
        folder().begin();

        folder().begin();

        assertThat(stateDir.resolve("app/0_1")).doesNotExist();
    }

    @Test
    void keepsTheNameOfTheProcess() {
        folder().begin();

        assertThat(processFile).exists();
    }

    @Test
    void hasNothingToDoInAnEmptyPlace() {
        new StateFolder(stateDir, "new").begin();

        assertThat(stateDir.resolve("new")).doesNotExist();
    }

    private StateFolder folder() {
        return new StateFolder(stateDir, "app");
    }
}
