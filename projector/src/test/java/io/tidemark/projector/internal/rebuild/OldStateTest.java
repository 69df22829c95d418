package io.tidemark.projector.internal.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.projector.ProjectorConfig;
import io.tidemark.schemas.Topics;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

final class OldStateTest {
    @TempDir private Path folder;

    @Test
    void whatCountsNoLongerIsDeletedAndNothingElse() throws Exception {
        for (var name :
                new String[] {"it", "it-g1", "it-g2", "it-g10", "it-gx", "other", "it-g2x"}) {
            Files.createDirectories(folder.resolve(name).resolve("0_1"));
        }

        OldState.delete(config(folder), 2);

        try (var left = Files.list(folder)) {
            assertThat(left.map(it -> it.getFileName().toString()))
                    .containsExactlyInAnyOrder("it-g2", "it-gx", "other", "it-g2x");
        }
    }

    @Test
    void whereNothingWasKeptNothingIsDeleted() {
        var absent = folder.resolve("absent");

        OldState.delete(config(absent), 1);

        assertThat(absent).doesNotExist();
    }

    private static ProjectorConfig config(Path folder) {
        return ProjectorConfig.of(
                        Map.of("bootstrap.servers", "127.0.0.1:1"), Topics.defaults(), folder)
                .withApplicationId("it");
    }
}
