package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import io.tidemark.edge.internal.live.EdgeMetrics;
import io.tidemark.ingest.internal.IngestMetrics;
import io.tidemark.projector.ProjectorMetrics;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What {@code docs/operations.md} names is there, and what is there it names. */
class OperationsDocumentTest {
    private static final Path ROOT = OperationsDocument.ROOT;
    private static final Pattern SAMPLE = Pattern.compile("tidemark_[a-z_]+");
    private static final Pattern TEST = Pattern.compile("(\\w+(?:IT|Test))(?:\\.(\\w+))?");

    @Test
    void everyMeterIsDocumentedAndEveryDocumentedMeterIsThere() throws IOException {
        var documented = DocumentedMeter.all().stream().map(DocumentedMeter::name).toList();

        assertThat(documented).doesNotHaveDuplicates();
        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(
                        constants(EdgeMetrics.class, IngestMetrics.class, ProjectorMetrics.class));
    }

    private static Set<String> constants(Class<?>... classes) {
        return Arrays.stream(classes)
                .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
                .filter(field -> field.getType() == String.class)
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .map(OperationsDocumentTest::value)
                .filter(value -> value.startsWith("tidemark."))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String value(Field field) {
        try {
            field.setAccessible(true);
            return String.valueOf(field.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyAlertIsExplainedAndEveryExplainedAlertIsThere() throws IOException {
        var explained =
                OperationsDocument.read().rows("Alerts").stream()
                        .map(row -> OperationsDocument.code(row.getFirst()).getFirst())
                        .toList();

        assertThat(explained)
                .containsExactlyInAnyOrderElementsOf(
                        rules().map(rule -> rule.path("alert").asText()).toList());
    }

    @Test
    void alertsAskForMetersThatThereAre() throws IOException {
        var known =
                DocumentedMeter.all().stream()
                        .flatMap(meter -> meter.samples().stream())
                        .collect(Collectors.toSet());

        assertThat(rules().toList())
                .isNotEmpty()
                .allSatisfy(rule -> {
                    var asked =
                            SAMPLE.matcher(rule.path("expr").asText())
                                    .results()
                                    .map(found -> found.group())
                                    .toList();
                    assertThat(asked).as(rule.path("alert").asText()).isNotEmpty();
                    assertThat(known).containsAll(asked);
                });
    }

    @Test
    void alertsSayWhomTheyWakeAndWhy() throws IOException {
        assertThat(rules())
                .allSatisfy(rule -> {
                    assertThat(rule.at("/labels/severity").asText()).isIn("page", "warning");
                    assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
                });
    }

    private static Stream<JsonNode> rules() throws IOException {
        var file = ROOT.resolve("deploy/prometheus/alerts.yml").toFile();
        return stream(new YAMLMapper().readTree(file).path("groups"))
                .flatMap(group -> stream(group.path("rules")));
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    @Test
    void whatBreaksIsBackedByTestsAndFaultsThatThereAre() throws IOException {
        var faults = Files.readString(ROOT.resolve("docs/faults.md"));

        for (var row : OperationsDocument.read().rows("What breaks")) {
            var proofs = OperationsDocument.code(row.getLast());
            assertThat(proofs).as(row.getFirst()).isNotEmpty();
            for (var proof : proofs) {
                if (!isTest(proof)) {
                    assertThat(faults).contains("`" + proof + "`");
                }
            }
        }
    }

    @Test
    void everyTestThatIsNamedIsThere() throws IOException {
        var named =
                OperationsDocument.code(OperationsDocument.read().text()).stream()
                        .filter(OperationsDocumentTest::isTest)
                        .toList();

        assertThat(named).isNotEmpty();
        var missing = new ArrayList<String>();
        for (var name : Set.copyOf(named)) {
            if (!exists(name)) {
                missing.add(name);
            }
        }
        assertThat(missing).isEmpty();
    }

    private static boolean isTest(String name) {
        return TEST.matcher(name).matches();
    }

    private static boolean exists(String name) throws IOException {
        var match = TEST.matcher(name);
        return match.matches()
                && sources(match.group(1)).stream()
                        .anyMatch(source ->
                                match.group(2) == null
                                        || source.contains("void " + match.group(2) + "("));
    }

    private static List<String> sources(String type) throws IOException {
        var found = new ArrayList<String>();
        for (var module :
                List.of("edge", "faults", "ingest", "projector", "schemas", "standalone")) {
            try (var files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                for (var file : files.filter(it -> it.endsWith(type + ".java")).toList()) {
                    found.add(Files.readString(file));
                }
            }
        }
        return found;
    }
}
