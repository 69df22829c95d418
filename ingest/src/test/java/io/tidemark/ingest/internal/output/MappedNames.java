package io.tidemark.ingest.internal.output;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The names in the frames of a mapping table, each of which is there with what it gives. */
public final class MappedNames {
    private final List<JsonNode> frames;

    private MappedNames(List<JsonNode> frames) {
        this.frames = frames;
    }

    /** Those of a file that lies beside the test. */
    public static MappedNames in(Class<?> test, String file) {
        return new MappedNames(
                MappingContract.rows(test, file)
                        .flatMap(
                                row -> Stream.concat(elements(row.given()), Stream.of(row.frame())))
                        .toList());
    }

    /**
     * The fields of the objects in a place.
     *
     * @param place the fields that lead there, from a frame on; what is in a list is in its place
     */
    public Set<String> fields(String... place) {
        return at(place)
                .flatMap(value -> value.properties().stream())
                .map(field -> field.getKey())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The words in a place.
     *
     * @param place the fields that lead there, from a frame on; what is in a list is in its place
     */
    public Set<String> words(String... place) {
        return at(place)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Stream<JsonNode> at(String... place) {
        var values = frames.stream();
        for (var field : place) {
            values = values.map(value -> value.path(field)).flatMap(MappedNames::unlisted);
        }
        return values;
    }

    private static Stream<JsonNode> unlisted(JsonNode value) {
        return value.isArray() ? elements(value) : Stream.of(value);
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
