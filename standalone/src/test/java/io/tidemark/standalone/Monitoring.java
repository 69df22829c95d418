package io.tidemark.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What is watched in an installation: the dashboards of the project. */
final class Monitoring {
    static final Path ROOT = Path.of(System.getProperty("project.root", ".."));

    private static final Pattern METRIC = Pattern.compile("\\btidemark_[a-z_]+\\b");

    private Monitoring() {}

    /** The files of dashboards. */
    static List<Path> dashboards() throws IOException {
        try (var files = Files.list(ROOT.resolve("docker/grafana/dashboards"))) {
            return files.filter(file -> file.toString().endsWith(".json")).toList();
        }
    }

    /** Every metric of ours that they name, as Prometheus knows it. */
    static Set<String> metrics() throws IOException {
        var names = new TreeSet<String>();
        for (var file : dashboards()) {
            METRIC.matcher(Files.readString(file)).results().forEach(it -> names.add(it.group()));
        }
        return names;
    }

    /** Every meter that the code names, such as {@code tidemark.edge.readers}. */
    static Set<String> meters() throws IOException {
        var literal = Pattern.compile("\"(tidemark\\.(?:edge|ingest|projector)\\.[a-z.]+)\"");
        var names = new TreeSet<String>();
        for (var module : List.of("edge", "ingest", "projector")) {
            for (var file : sources(ROOT.resolve(module).resolve("src/main/java"))) {
                literal.matcher(Files.readString(file))
                        .results()
                        .forEach(match -> names.add(match.group(1)));
            }
        }
        return names;
    }

    private static List<Path> sources(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
