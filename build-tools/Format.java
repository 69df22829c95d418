import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks ({@code check}) or repairs ({@code apply}) the layout of every Java file below the given
 * directory with google-java-format's AOSP style.
 *
 * <p>It is run as a source file by the JDK 25 of the toolchain, because a formatter parses with the
 * compiler of the JVM it runs in and Maven itself may run on 17, which cannot read this code.
 */
public final class Format {
    public static void main(String[] args) throws IOException, FormatterException {
        if (args.length != 2 || !List.of("check", "apply").contains(args[0])) {
            System.err.println("usage: Format check|apply <directory>");
            System.exit(2);
        }
        var apply = args[0].equals("apply");
        var unformatted = new ArrayList<Path>();
        for (var file : sources(Path.of(args[1]))) {
            var found = Files.readString(file);
            var wanted = format(file, found);
            if (!found.equals(wanted)) {
                unformatted.add(file);
                if (apply) {
                    Files.writeString(file, wanted);
                }
            }
        }
        unformatted.forEach(file -> System.out.println((apply ? "formatted " : "not formatted: ") + file));
        if (!apply && !unformatted.isEmpty()) {
            System.err.println(unformatted.size() + " file(s) not formatted; run: make format");
            System.exit(1);
        }
    }

    private static List<Path> sources(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }

    private static String format(Path file, String source) throws FormatterException {
        var options = JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.AOSP).build();
        try {
            var imported = ImportOrderer.reorderImports(RemoveUnusedImports.removeUnusedImports(source),
                    JavaFormatterOptions.Style.AOSP);
            return new Formatter(options).formatSource(imported);
        } catch (FormatterException e) {
            System.err.println("cannot read " + file);
            throw e;
        }
    }
}
