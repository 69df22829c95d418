package io.tidemark.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import io.tidemark.schemas.KafkaRole;
import io.tidemark.schemas.KafkaRole.Part;
import io.tidemark.schemas.Right;
import io.tidemark.schemas.Topics;

import org.apache.kafka.common.resource.PatternType;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

class KafkaDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("project.root", ".."));

    @Test
    void theDocumentListsTheAclsOfEveryRoleAndNoOthers() throws IOException {
        var document = Files.readString(ROOT.resolve("docs/kafka.md"));

        var rows =
                Pattern.compile("^\\| `(?:" + words() + ")` \\| .*$", Pattern.MULTILINE)
                        .matcher(document)
                        .results()
                        .map(it -> it.group())
                        .toList();

        assertThat(rows)
                .containsExactlyElementsOf(
                        Stream.of(KafkaRole.values()).flatMap(KafkaDocumentTest::rows).toList());
    }

    private static String words() {
        return Stream.of(KafkaRole.values()).map(KafkaRole::word).collect(joining("|"));
    }

    private static Stream<String> rows(KafkaRole role) {
        return role.rights(Topics.defaults(), EnumSet.allOf(Part.class)).stream()
                .collect(
                        groupingBy(
                                right -> List.of(right.type(), right.name(), right.pattern()),
                                LinkedHashMap::new,
                                toList()))
                .values()
                .stream()
                .map(ofOne -> row(role, ofOne));
    }

    private static String row(KafkaRole role, List<Right> ofOne) {
        var first = ofOne.getFirst();
        return "| `%s` | %s `%s%s` | %s | %s |"
                .formatted(
                        role.word(),
                        first.type().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        first.name(),
                        first.pattern() == PatternType.PREFIXED ? "*" : "",
                        ofOne.stream()
                                .map(right -> AclsCommand.word(right.operation()))
                                .collect(joining(", ")),
                        when(role, first));
    }

    private static String when(KafkaRole role, Right right) {
        if (role.rights(Topics.defaults(), Set.of()).contains(right)) {
            return "";
        }
        return role.rights(Topics.defaults(), Set.of(Part.ENCRYPTION)).contains(right)
                ? "with master keys"
                : "with tenants";
    }
}
