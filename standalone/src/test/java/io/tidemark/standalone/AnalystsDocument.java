package io.tidemark.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The blocks of code in {@code docs/analysts.md}, by the comment that stands before each. */
record AnalystsDocument(Map<String, String> recipes, Map<String, String> files) {
    static final Path ROOT = Path.of(System.getProperty("project.root", "..")).toAbsolutePath();

    private static final Path PATH = ROOT.resolve("docs/analysts.md");
    private static final Pattern BLOCK =
            Pattern.compile(
                    "<!-- (recipe|file): (\\S+) -->\n```(?:sh|sql|java)\n(.*?)```\n",
                    Pattern.DOTALL);
    private static final Pattern FENCE = Pattern.compile("^```\\w+$", Pattern.MULTILINE);

    static AnalystsDocument read() throws IOException {
        var text = Files.readString(PATH);
        var recipes = new LinkedHashMap<String, String>();
        var files = new LinkedHashMap<String, String>();
        BLOCK.matcher(text)
                .results()
                .forEach(block ->
                        (block.group(1).equals("file") ? files : recipes)
                                .put(block.group(2), block.group(3)));
        long blocks = FENCE.matcher(text).results().count();
        if (blocks != recipes.size() + files.size()) {
            throw new IllegalStateException(
                    "%s has %d blocks of code, of which %d have a name of their own"
                            .formatted(PATH, blocks, recipes.size() + files.size()));
        }
        return new AnalystsDocument(recipes, files);
    }

    /** The query that the README prints. */
    static String queryOfTheReadme() throws IOException {
        var block = Pattern.compile("```sql\n(.*?)```\n", Pattern.DOTALL);
        return block.matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
    }

    /** A recipe as it is printed, but with the test's Kafka. */
    String recipe(String name, String bootstrapServers) {
        var recipe = recipes.get(name);
        if (recipe == null) {
            throw new IllegalArgumentException(PATH + " has no recipe " + name);
        }
        return recipe.replace("127.0.0.1:9092", bootstrapServers);
    }
}
