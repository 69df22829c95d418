package io.tidemark.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.standalone.client.ReceivedEvent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A script under {@code src/test/clients}, which tells of each event in a line. */
final class NodeReaders implements ForeignReaders {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SCRIPTS = Path.of("src/test/clients");
    private static final Path NODE = Path.of("/usr/bin/node");
    private static final Path NPM = Path.of("/usr/bin/npm");

    private final Process process;
    private final List<List<ReceivedEvent>> received = new ArrayList<>();

    private NodeReaders(Process process, int streams) {
        this.process = process;
        for (int i = 0; i < streams; i++) {
            received.add(new CopyOnWriteArrayList<>());
        }
    }

    /** Where the interpreter is, if this machine has one and what fetches its packages. */
    static Optional<Path> executable() {
        return Optional.of(NODE).filter(Files::isExecutable).filter(_ -> Files.isExecutable(NPM));
    }

    /**
     * Fetches the packages that the lock file names, and runs a script.
     *
     * @param scratch where they are put
     */
    static NodeReaders open(String script, Path scratch, URI edge, List<String> ids)
            throws IOException, InterruptedException {
        copy(scratch);
        install(scratch);
        var arguments = JSON.createObjectNode().put("base", edge.toString());
        arguments.set("ids", JSON.valueToTree(ids));
        arguments.set("types", JSON.valueToTree(ChromiumReaders.types()));
        var process =
                new ProcessBuilder(NODE.toString(), script, arguments.toString())
                        .directory(scratch.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var readers = new NodeReaders(process, ids.size());
        var lines = process.inputReader(StandardCharsets.UTF_8);
        Thread.startVirtualThread(() -> readers.listen(lines));
        return readers;
    }

    private static void copy(Path scratch) throws IOException {
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            for (var file : files.toList()) {
                Files.copy(file, scratch.resolve(SCRIPTS.relativize(file)));
            }
        }
    }

    private static void install(Path scratch) throws IOException, InterruptedException {
        var npm =
                new ProcessBuilder(NPM.toString(), "ci", "--ignore-scripts")
                        .directory(scratch.toFile())
                        .redirectErrorStream(true)
                        .start();
        var said = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (npm.waitFor() != 0) {
            throw new IOException("npm did not install the clients: " + said);
        }
    }

    private void listen(BufferedReader lines) {
        lines.lines()
                .forEach(line -> {
                    try {
                        var told = JSON.readTree(line);
                        received.get(told.path("reader").asInt()).add(ChromiumReaders.event(told));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    @Override
    public List<List<ReceivedEvent>> received() {
        return received.stream().<List<ReceivedEvent>>map(List::copyOf).toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
