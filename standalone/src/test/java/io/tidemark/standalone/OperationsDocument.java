package io.tidemark.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The tables of {@code docs/operations.md}, by the heading that they stand below. */
record OperationsDocument(String text) {
    static final Path ROOT = Path.of(System.getProperty("project.root", "..")).toAbsolutePath();

    private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");

    static OperationsDocument read() throws IOException {
        return new OperationsDocument(Files.readString(ROOT.resolve("docs/operations.md")));
    }

    /** The rows of all tables below a heading, without their heads, cell by cell. */
    List<List<String>> rows(String heading) {
        var sections = text.split("(?m)^##+ ", -1);
        var section =
                Arrays.stream(sections)
                        .filter(it -> it.startsWith(heading + "\n"))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("no section " + heading));
        var rows =
                section.lines()
                        .filter(line -> line.startsWith("|"))
                        .map(line -> line.substring(1, line.lastIndexOf('|')))
                        .map(line ->
                                Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
                        .toList();
        if (rows.size() < 3) {
            throw new IllegalStateException("no table below " + heading);
        }
        /* What stands before a row of dashes is a head. */
        return IntStream.range(0, rows.size())
                .filter(i ->
                        !isRule(rows.get(i)) && !(i + 1 < rows.size() && isRule(rows.get(i + 1))))
                .mapToObj(rows::get)
                .toList();
    }

    private static boolean isRule(List<String> row) {
        return row.stream().allMatch(cell -> cell.matches(":?-+:?"));
    }

    /** What stands in a cell as code. */
    static List<String> code(String cell) {
        return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
    }
}
