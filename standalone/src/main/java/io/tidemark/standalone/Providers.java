package io.tidemark.standalone;

import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.Secret;
import io.tidemark.ingest.UpstreamTimeouts;
import io.tidemark.standalone.settings.InvalidSettingsException;
import io.tidemark.standalone.settings.Keys;
import io.tidemark.standalone.settings.Settings;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The providers of an installation, from its settings. Immutable.
 *
 * @param configs in alphabetical order of their names
 */
record Providers(List<ProviderConfig> configs) {
    private static final String OPENAI = "openai";
    private static final Set<String> OPENAI_APIS = Set.of("openai.responses");
    private static final Set<String> NOT_SPOKEN = Set.of("anthropic", "gemini");
    private static final Logger LOGGER = LoggerFactory.getLogger(Providers.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Map<String, URI> DEFAULT_BASE_URLS =
            Map.of(OPENAI, URI.create("https://api.openai.com/v1"));

    Providers {
        configs = List.copyOf(configs);
    }

    /** Those that settings name, and {@code openai}, which is there without being named. */
    static Providers of(Settings settings) {
        var configs = new ArrayList<ProviderConfig>();
        configs.add(config(OPENAI, settings));
        settings.providerNames().stream()
                .filter(name -> !name.equals(OPENAI))
                .filter(Providers::spoken)
                .map(name -> config(name, settings))
                .forEach(configs::add);
        return new Providers(configs);
    }

    private static boolean spoken(String name) {
        boolean spoken = !NOT_SPOKEN.contains(name);
        if (!spoken) {
            LOGGER.atWarn()
                    .addKeyValue("providerName", name)
                    .log("provider is left out: this version does not speak its API");
        }
        return spoken;
    }

    /** The simulator in the place of {@code openai}. */
    static Providers simulated(String baseUrl) {
        return new Providers(
                List.of(ProviderConfig.of(OPENAI, OPENAI_APIS, URI.create(baseUrl), null)));
    }

    /** Whether any provider was given a key or an address. */
    static boolean configured(Settings settings) {
        return settings.providerNames().stream()
                .filter(name -> !NOT_SPOKEN.contains(name))
                .anyMatch(name ->
                        settings.isSet(Keys.providerApiKey(name))
                                || settings.isSet(Keys.providerBaseUrl(name)));
    }

    private static ProviderConfig config(String name, Settings settings) {
        return new ProviderConfig(
                name,
                OPENAI_APIS,
                baseUrl(name, settings),
                settings.find(Keys.providerApiKey(name)).map(Secret::new).orElse(null),
                Map.of(),
                settings.get(Keys.providerStreamsMax(name)),
                new UpstreamTimeouts(
                        CONNECT_TIMEOUT,
                        settings.get(Keys.providerFirstByte(name)),
                        settings.get(Keys.providerIdle(name)),
                        settings.get(Keys.providerTotal(name))));
    }

    private static URI baseUrl(String name, Settings settings) {
        var key = Keys.providerBaseUrl(name);
        var configured = settings.find(key);
        if (configured.isPresent()) {
            return configured.get();
        }
        var known = DEFAULT_BASE_URLS.get(name);
        if (known == null) {
            throw new InvalidSettingsException(
                    key.name()
                            + " must be set: only "
                            + DEFAULT_BASE_URLS.keySet()
                            + " have a default");
        }
        return known;
    }
}
