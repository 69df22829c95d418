package io.tidemark.devkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class RecordingTest {

    @TempDir private Path root;

    @Test
    void listsEventStreamsAndJsonThatHaveAnExpectation() throws IOException {
        recording("b/array.json", "gemini");
        recording("a/events.sse", "responses");
        Files.writeString(root.resolve("a/alone.sse"), "");
        Files.writeString(root.resolve("a/alone.json"), "[]");
        Files.writeString(root.resolve("a/events.jsonl"), "{}");

        var recordings = Recording.all(root);

        assertThat(recordings.stream().map(Recording::name))
                .isEqualTo(List.of("a/events.sse", "b/array.json"));
        assertThat(recordings.stream().map(Recording::api))
                .isEqualTo(List.of("responses", "gemini"));
        assertThat(recordings.stream().map(Recording::contentType))
                .isEqualTo(List.of("text/event-stream", "application/json"));
        assertThat(recordings.getLast().bytes()).asString().isEqualTo("b/array.json");
    }

    @Test
    void aDirectoryThatIsNotThereHasNone() {
        assertThat(Recording.all(root.resolve("none"))).isEmpty();
    }

    private void recording(String name, String api) throws IOException {
        var file = root.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, name);
        var expected = file.toString().replaceAll("\\.[a-z]+$", ".expected.json");
        Files.writeString(Path.of(expected), "{\"api\":\"" + api + "\"}");
    }
}
