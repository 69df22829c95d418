package io.tidemark.standalone.settings;

import io.tidemark.edge.AccessConfig;
import io.tidemark.schemas.ModelPattern;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Turns the text of a setting into its value.
 *
 * @param <T> type of the value
 */
public interface Reader<T> {
    /**
     * The value of a text.
     *
     * @throws IllegalArgumentException if the text has none; the message says what is allowed and
     *     does not repeat the text
     */
    T read(String text);

    /** Any text that is not blank. */
    static Reader<String> text() {
        return text -> {
            if (text.isBlank()) {
                throw new IllegalArgumentException("must not be blank");
            }
            return text;
        };
    }

    /** A text that can go into a header as it is. */
    static Reader<String> credential() {
        return text -> {
            var given = text().read(text);
            if (!given.matches("[!-~]+")) {
                throw new IllegalArgumentException("must be printable ASCII without spaces");
            }
            return given;
        };
    }

    /** A whole number within bounds, both inclusive. */
    static Reader<Integer> number(int min, int max) {
        return text -> {
            var message = "must be a whole number from " + min + " to " + max;
            try {
                int value = Integer.parseInt(text.strip());
                if (value < min || value > max) {
                    throw new IllegalArgumentException(message);
                }
                return value;
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(message, e);
            }
        };
    }

    /** One of an enum's values, in lower case with dashes. */
    static <E extends Enum<E>> Reader<E> oneOf(E[] values) {
        var byName = new LinkedHashMap<String, E>();
        for (var value : values) {
            byName.put(value.name().toLowerCase(Locale.ROOT).replace('_', '-'), value);
        }
        return text -> {
            var value = byName.get(text.strip());
            if (value == null) {
                throw new IllegalArgumentException("must be one of " + byName.keySet());
            }
            return value;
        };
    }

    /** Texts with commas between; at least one, and none that is blank. */
    static Reader<List<String>> list() {
        return text -> {
            var elements = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
            if (elements.stream().anyMatch(String::isEmpty)) {
                throw new IllegalArgumentException("must be texts with commas between, none empty");
            }
            return elements;
        };
    }

    /** Patterns of models' names, with commas between. */
    static Reader<List<ModelPattern>> modelPatterns() {
        return text -> list().read(text).stream().map(ModelPattern::new).toList();
    }

    /** Partitions such as {@code 0-5,8}, with commas between. */
    static Reader<Set<Integer>> partitions() {
        return text ->
                list().read(text).stream()
                        .flatMap(range -> partitions(range).stream())
                        .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Partitions and the addresses where they are served, such as {@code 6-11=https://edge-b}, with
     * commas between.
     */
    static Reader<Map<Integer, URI>> partitionAddresses() {
        return text -> {
            var addresses = new TreeMap<Integer, URI>();
            for (var element : list().read(text)) {
                int equals = element.indexOf('=');
                if (equals < 0) {
                    throw new IllegalArgumentException(
                            "must be partitions and addresses such as 6-11=https://edge-b:8080");
                }
                var address = httpUri().read(element.substring(equals + 1));
                for (int partition : partitions(element.substring(0, equals))) {
                    if (addresses.put(partition, address) != null) {
                        throw new IllegalArgumentException(
                                "must name one address for a partition, found two for "
                                        + partition);
                    }
                }
            }
            return addresses;
        };
    }

    private static List<Integer> partitions(String range) {
        var match = Pattern.compile("(\\d{1,4})(?:-(\\d{1,4}))?").matcher(range.strip());
        if (match.matches()) {
            int first = Integer.parseInt(match.group(1));
            int last = match.group(2) == null ? first : Integer.parseInt(match.group(2));
            if (first <= last) {
                return IntStream.rangeClosed(first, last).boxed().toList();
            }
        }
        throw new IllegalArgumentException(
                "must be partitions from 0 to 9999, such as 0-5,8, with none below its first");
    }

    /** Random keys with commas between; at least one, and none that can be guessed. */
    static Reader<List<String>> keys() {
        return text -> list().read(text).stream().map(AccessConfig::requireStrong).toList();
    }

    /** {@code true} or {@code false}. */
    static Reader<Boolean> flag() {
        return text ->
                switch (text.strip()) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new IllegalArgumentException("must be true or false");
                };
    }

    /**
     * A length of time such as {@code 500ms}, {@code 10s}, {@code 5m}, {@code 2h} or {@code 7d}.
     */
    static Reader<Duration> duration() {
        var units =
                Map.of(
                        "ms", Duration.ofMillis(1),
                        "s", Duration.ofSeconds(1),
                        "m", Duration.ofMinutes(1),
                        "h", Duration.ofHours(1),
                        "d", Duration.ofDays(1));
        var pattern = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
        return text -> {
            var match = pattern.matcher(text.strip());
            var unit = match.matches() ? units.get(match.group(2)) : null;
            if (unit == null) {
                throw new IllegalArgumentException(
                        "must be a number and a unit: ms, s, m, h or d, such as 500ms");
            }
            return unit.multipliedBy(Long.parseLong(match.group(1)));
        };
    }

    /**
     * A size in bytes, such as {@code 65536}, {@code 64KiB}, {@code 8MiB} or {@code 1GiB}.
     *
     * @param max largest size allowed, in bytes
     */
    static Reader<Long> bytes(long max) {
        var units = Map.of("", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30);
        var pattern = Pattern.compile("(\\d{1,9})\\s*(|kib|mib|gib)");
        return text -> {
            var match = pattern.matcher(text.strip().toLowerCase(Locale.ROOT));
            var unit = match.matches() ? units.get(match.group(2)) : null;
            if (unit == null) {
                throw new IllegalArgumentException(
                        "must be a number of bytes, or one with KiB, MiB or GiB, such as 8MiB");
            }
            long size = Long.parseLong(match.group(1)) * unit;
            if (size < 1 || size > max) {
                throw new IllegalArgumentException("must be 1 to " + max + " bytes");
            }
            return size;
        };
    }

    /** An absolute {@code http} or {@code https} address. */
    static Reader<URI> httpUri() {
        return text -> {
            var message = "must be an http:// or https:// address with a host";
            try {
                var uri = new URI(text.strip());
                boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
                if (!http || uri.getHost() == null) {
                    throw new IllegalArgumentException(message);
                }
                return uri;
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException(message, e);
            }
        };
    }

    /** Absolute {@code http} or {@code https} addresses with commas between; at least one. */
    static Reader<List<URI>> httpUris() {
        return text -> list().read(text).stream().map(httpUri()::read).toList();
    }

    /** A file, or an {@code http} or {@code https} address. */
    static Reader<URI> fileOrAddress() {
        return text ->
                text.strip().matches("https?://.*")
                        ? httpUri().read(text)
                        : path().read(text).toUri();
    }

    /** A path of the file system; relative ones are relative to the working directory. */
    static Reader<Path> path() {
        return text -> Path.of(text().read(text)).toAbsolutePath().normalize();
    }
}
