package io.tidemark.standalone.settings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Collects settings from a YAML file, the environment and the command line, and refuses them
 * together: all problems are found before any is reported. Used once, by one thread.
 */
public final class SettingsLoader {
    private static final String HEADERS = "HEADERS_";
    private static final String VARIABLE_PREFIX = "TIDEMARK_";
    private static final Pattern PROVIDER_VARIABLE =
            Pattern.compile(
                    "TIDEMARK_PROVIDERS_([A-Z][A-Z0-9_]*?)_("
                            + suffixes(ProviderKeys.ofProvider("x"))
                            + "|HEADERS_[A-Z0-9_]+)");
    private static final Pattern ROUTE_VARIABLE =
            Pattern.compile(
                    "TIDEMARK_ROUTES_([A-Z0-9][A-Z0-9_]*?)_(" + suffixes(Keys.ofRoute("x")) + ")");

    private static final Pattern TENANT_VARIABLE =
            Pattern.compile(
                    "TIDEMARK_TENANTS_([A-Z0-9][A-Z0-9_]*?)_("
                            + suffixes(Keys.ofTenant("x"))
                            + ")");

    private static final Pattern MASTER_KEY_VARIABLE =
            Pattern.compile("TIDEMARK_ENCRYPTION_MASTER_KEYS_([A-Z0-9][A-Z0-9_]*)");

    /** Variables that speak to the launcher, not to us. */
    private static final Set<String> LAUNCHER_VARIABLES =
            Set.of("TIDEMARK_JAVA_HOME", "TIDEMARK_JAVA_OPTS", "TIDEMARK_LOG");

    private static final ObjectMapper YAML =
            YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

    private final Map<String, String> values = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    private SettingsLoader() {}

    /**
     * Reads settings from all sources.
     *
     * @param file YAML, nested or with dotted keys; null for none
     * @param environment of the process; only names that begin with {@code TIDEMARK_} count
     * @param assignments {@code key=value}, as given on the command line
     * @throws InvalidSettingsException if any key is unknown or given twice in one source, or any
     *     value cannot be read
     */
    public static Settings load(
            @Nullable Path file, Map<String, String> environment, List<String> assignments) {
        var loader = new SettingsLoader();
        if (file != null) {
            loader.addFile(file);
        }
        loader.addEnvironment(environment);
        loader.addAssignments(assignments);
        if (!loader.problems.isEmpty()) {
            throw new InvalidSettingsException(loader.problems);
        }
        return new Settings(loader.values);
    }

    private void addFile(Path file) {
        try {
            var root = YAML.readTree(Files.readAllBytes(file));
            if (root.isObject()) {
                flatten("", root, file.toString(), new HashSet<>());
            } else if (!root.isMissingNode() && !root.isNull()) {
                problems.add(file + ": must hold keys and values, found " + root.getNodeType());
            }
        } catch (JsonProcessingException e) {
            var where = e.getLocation() == null ? "" : " line " + e.getLocation().getLineNr();
            problems.add(file + where + ": " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            problems.add(file + ": cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private void flatten(String prefix, JsonNode node, String source, Set<String> seen) {
        for (var field : node.properties()) {
            var name = prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey();
            if (field.getValue().isObject()) {
                flatten(name, field.getValue(), source, seen);
            } else if (!field.getValue().isValueNode() || field.getValue().isNull()) {
                problems.add(source + ": " + name + " must be a single value");
            } else {
                add(name, field.getValue().asText(), source, seen);
            }
        }
    }

    private void addEnvironment(Map<String, String> environment) {
        var seen = new HashSet<String>();
        new TreeMap<>(environment)
                .forEach((variable, value) -> {
                    if (variable.startsWith(VARIABLE_PREFIX)
                            && !LAUNCHER_VARIABLES.contains(variable)) {
                        add(keyOf(variable), value, variable, seen);
                    }
                });
    }

    private static String keyOf(String variable) {
        for (var key : Keys.fixed()) {
            if (key.variable().equals(variable)) {
                return key.name();
            }
        }
        var provider = PROVIDER_VARIABLE.matcher(variable);
        if (provider.matches()) {
            return "providers." + dashed(provider.group(1)) + "." + setting(provider.group(2));
        }
        var route = ROUTE_VARIABLE.matcher(variable);
        if (route.matches()) {
            return "routes." + dashed(route.group(1)) + "." + dashed(route.group(2));
        }
        var tenant = TENANT_VARIABLE.matcher(variable);
        if (tenant.matches()) {
            return "tenants." + dashed(tenant.group(1)) + "." + dashed(tenant.group(2));
        }
        var masterKey = MASTER_KEY_VARIABLE.matcher(variable);
        if (masterKey.matches()) {
            return EncryptionKeys.masterKeyFile(dashed(masterKey.group(1))).name();
        }
        var rest = variable.substring(VARIABLE_PREFIX.length()).toLowerCase(Locale.ROOT);
        return rest.replace('_', '.');
    }

    /* What variables of such keys end in, the longest first. */
    private static String suffixes(List<Key<?>> keys) {
        return keys.stream()
                .map(key -> key.variable().replaceFirst("TIDEMARK_[A-Z]+_X_", ""))
                .sorted(Comparator.comparingInt(String::length).reversed())
                .collect(Collectors.joining("|"));
    }

    private static String setting(String part) {
        return part.startsWith(HEADERS)
                ? "headers." + dashed(part.substring(HEADERS.length()))
                : dashed(part);
    }

    private static String dashed(String part) {
        return part.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void addAssignments(List<String> assignments) {
        var seen = new HashSet<String>();
        for (var assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                problems.add("--set: must be key=value, found no '=' after a key");
            } else {
                add(
                        assignment.substring(0, equals).strip(),
                        assignment.substring(equals + 1),
                        "--set",
                        seen);
            }
        }
    }

    private void add(String name, String value, String source, Set<String> seen) {
        if (!Keys.known(name)) {
            problems.add(
                    "%s: unknown setting %s, did you mean %s?"
                            .formatted(source, name, Keys.nearest(name)));
        } else if (!seen.add(name)) {
            problems.add("%s: %s is set twice".formatted(source, name));
        } else if (readable(name, value, source)) {
            values.put(name, value);
        }
    }

    private boolean readable(String name, String value, String source) {
        var key = Keys.named(name);
        try {
            if (key != null) {
                key.reader().read(value);
            }
            return true;
        } catch (IllegalArgumentException e) {
            problems.add(
                    "%s: %s %s%s"
                            .formatted(
                                    source,
                                    name,
                                    e.getMessage(),
                                    Keys.secret(name) ? "" : ", was '" + value + "'"));
            return false;
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("not YAML");
    }
}
