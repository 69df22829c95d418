package io.tidemark.standalone.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import io.tidemark.schemas.Price;
import io.tidemark.schemas.PriceTable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a table of prices from a YAML file: {@code name}, and a list {@code prices} ({@code
 * docs/usage.md}). All problems are found before any is reported. Used once, by one thread.
 */
public final class PriceFile {
    /** Largest file that is read, in bytes: more than any table of {@code PRICES_MAX} needs. */
    static final int BYTES_MAX = 2 * 1024 * 1024;

    private static final String NAME = "name";
    private static final String PRICES = "prices";

    private static final ObjectMapper YAML =
            YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

    private final Path file;
    private final List<String> problems = new ArrayList<>();

    private PriceFile(Path file) {
        this.file = file;
    }

    /**
     * The table that a file holds.
     *
     * @throws InvalidSettingsException if it cannot be read, with a line for each thing that is
     *     wrong in it
     */
    public static PriceTable read(Path file) {
        return new PriceFile(file).read();
    }

    private PriceTable read() {
        var root = root();
        var name = name(root);
        var prices = prices(root.path(PRICES));
        if (problems.isEmpty()) {
            return new PriceTable(name, prices);
        }
        throw new InvalidSettingsException(
                problems.stream().map(problem -> file + ": " + problem).toList());
    }

    private JsonNode root() {
        try {
            if (Files.size(file) > BYTES_MAX) {
                problems.add("must have at most " + BYTES_MAX + " bytes, has " + Files.size(file));
                return JsonNodeFactory.instance.objectNode();
            }
            try (var parser = YAML.createParser(Files.readAllBytes(file))) {
                var root = parser.nextToken() == null ? null : tree(parser);
                if (root != null && root.isObject()) {
                    PriceEntry.requireKnown(root, "", Set.of(NAME, PRICES), problems);
                    return root;
                }
                problems.add("must hold " + NAME + " and " + PRICES);
            }
        } catch (JsonProcessingException e) {
            var line = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
            problems.add(line + e.getOriginalMessage().lines().findFirst().orElse("not YAML"));
        } catch (IOException e) {
            problems.add("cannot be read: " + e.getClass().getSimpleName());
        }
        throw new InvalidSettingsException(
                problems.stream().map(problem -> file + ": " + problem).toList());
    }

    /* Every scalar as the text it is spelled with: a rate must never have been a double. */
    private static JsonNode tree(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_NULL -> JsonNodeFactory.instance.nullNode();
            default -> JsonNodeFactory.instance.textNode(parser.getText());
        };
    }

    private static JsonNode object(JsonParser parser) throws IOException {
        var object = JsonNodeFactory.instance.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var field = parser.currentName();
            parser.nextToken();
            object.set(field, tree(parser));
        }
        return object;
    }

    private static JsonNode array(JsonParser parser) throws IOException {
        var array = JsonNodeFactory.instance.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(tree(parser));
        }
        return array;
    }

    private String name(JsonNode root) {
        var name = root.path(NAME);
        if (!name.isTextual() || !name.asText().matches(PriceTable.NAME)) {
            problems.add(
                    "%s must be 1 to 64 letters, digits, '.', '_' and '-', the first a letter or a digit, %s"
                            .formatted(NAME, PriceEntry.shown(name)));
        }
        return name.asText();
    }

    private List<Price> prices(JsonNode list) {
        if (!list.isArray() || list.isEmpty() || list.size() > PriceTable.PRICES_MAX) {
            problems.add(
                    "%s must be a list of 1 to %d entries, %s"
                            .formatted(
                                    PRICES,
                                    PriceTable.PRICES_MAX,
                                    list.isArray()
                                            ? "was one of " + list.size()
                                            : PriceEntry.shown(list)));
            return List.of();
        }
        var prices = new ArrayList<Price>();
        var places = new HashMap<List<Object>, String>();
        for (int index = 0; index < list.size(); index++) {
            var place = PRICES + "[" + index + "]";
            new PriceEntry(place, list.get(index), problems)
                    .read()
                    .ifPresent(price -> {
                        prices.add(price);
                        requireOnly(price, place, places);
                    });
        }
        return List.copyOf(prices);
    }

    private void requireOnly(Price price, String place, Map<List<Object>, String> places) {
        var key = List.<Object>of(price.model(), "" + price.provider(), price.validFrom());
        var before = places.putIfAbsent(key, place);
        if (before != null) {
            problems.add(
                    "%s.%s must not be that of another entry for the same model and provider, was that of %s"
                            .formatted(place, PriceEntry.VALID_FROM, before));
        }
    }
}
