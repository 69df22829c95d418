package io.tidemark.edge;

import static java.util.Objects.requireNonNull;

import io.tidemark.schemas.ModelPattern;
import io.tidemark.schemas.Topics;
import io.tidemark.seal.MasterKeys;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * What an {@link Edge} needs to know before it starts. Immutable; each part checks itself, and its
 * messages name the setting and the value found.
 *
 * @param kafka Kafka client settings, {@code bootstrap.servers} among them
 * @param topics the topics of the installation
 * @param providers the providers that may be asked for, in order of preference; at least one
 * @param routes which provider is asked for a model, where the caller names none
 * @param projectors base addresses of projectors' query endpoints, which are asked in turn; 1 to
 *     {@value #PROJECTORS_MAX}
 * @param listen where to listen
 * @param limits what a client may do
 * @param window how much of the recent past is kept in memory
 * @param catchUp how older parts of the log are read
 * @param streaming how events are streamed
 * @param timeouts how long things may take
 * @param access who may ask
 * @param startKeys how the keys of starts are remembered
 * @param tenantLimits what one tenant may do
 * @param partitions which partitions are served
 * @param masterKeys what the keys of encrypted streams are wrapped with; {@link MasterKeys#NONE} if
 *     there are none
 */
public record EdgeConfig(
        Map<String, String> kafka,
        Topics topics,
        List<Provider> providers,
        List<Route> routes,
        List<URI> projectors,
        ListenConfig listen,
        LimitsConfig limits,
        WindowConfig window,
        CatchUpConfig catchUp,
        StreamingConfig streaming,
        TimeoutsConfig timeouts,
        AccessConfig access,
        StartKeysConfig startKeys,
        TenantLimits tenantLimits,
        PartitionsConfig partitions,
        MasterKeys masterKeys) {
    /** Most projectors that are asked in turn. */
    public static final int PROJECTORS_MAX = 16;

    public EdgeConfig {
        kafka = Map.copyOf(kafka);
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("kafka must have bootstrap.servers");
        }
        requireNonNull(topics, "topics");
        providers = List.copyOf(providers);
        requireDistinct(providers);
        routes = List.copyOf(routes);
        requireKnown(routes, providers);
        projectors = List.copyOf(projectors);
        requireHttp(projectors);
        requireNonNull(listen, "listen");
        requireNonNull(limits, "limits");
        requireNonNull(window, "window");
        requireNonNull(catchUp, "catchUp");
        requireNonNull(streaming, "streaming");
        requireNonNull(timeouts, "timeouts");
        requireNonNull(access, "access");
        requireNonNull(startKeys, "startKeys");
        requireNonNull(tenantLimits, "tenantLimits");
        requireNonNull(partitions, "partitions");
        requireNonNull(masterKeys, "masterKeys");
    }

    /**
     * A configuration with the defaults, on a port of 127.0.0.1 that the system chooses.
     *
     * @param kafka Kafka client settings, {@code bootstrap.servers} among them
     * @param providers the providers that may be asked for
     * @param projector base address of the projector's query endpoint
     */
    public static EdgeConfig of(
            Map<String, String> kafka, Topics topics, List<Provider> providers, URI projector) {
        return new EdgeConfig(
                kafka,
                topics,
                providers,
                List.of(),
                List.of(projector),
                ListenConfig.defaults(),
                LimitsConfig.defaults(),
                WindowConfig.defaults(),
                CatchUpConfig.defaults(),
                StreamingConfig.defaults(),
                TimeoutsConfig.defaults(),
                AccessConfig.none(),
                StartKeysConfig.defaults(),
                TenantLimits.none(),
                PartitionsConfig.all(),
                MasterKeys.NONE);
    }

    /** The same with another part, which takes the place of the one of its kind. */
    public EdgeConfig with(Part other) {
        return new EdgeConfig(
                kafka,
                topics,
                providers,
                routes,
                projectors,
                other instanceof ListenConfig it ? it : listen,
                other instanceof LimitsConfig it ? it : limits,
                other instanceof WindowConfig it ? it : window,
                other instanceof CatchUpConfig it ? it : catchUp,
                other instanceof StreamingConfig it ? it : streaming,
                other instanceof TimeoutsConfig it ? it : timeouts,
                other instanceof AccessConfig it ? it : access,
                other instanceof StartKeysConfig it ? it : startKeys,
                other instanceof TenantLimits it ? it : tenantLimits,
                other instanceof PartitionsConfig it ? it : partitions,
                masterKeys);
    }

    /** The same with other routes. */
    public EdgeConfig withRoutes(List<Route> other) {
        return with(other, projectors, masterKeys);
    }

    /** The same with these projectors. */
    public EdgeConfig withProjectors(List<URI> other) {
        return with(routes, other, masterKeys);
    }

    /** The same with keys for encrypted streams. */
    public EdgeConfig withMasterKeys(MasterKeys other) {
        return with(routes, projectors, other);
    }

    private EdgeConfig with(
            List<Route> newRoutes, List<URI> newProjectors, MasterKeys newMasterKeys) {
        return new EdgeConfig(
                kafka,
                topics,
                providers,
                newRoutes,
                newProjectors,
                listen,
                limits,
                window,
                catchUp,
                streaming,
                timeouts,
                access,
                startKeys,
                tenantLimits,
                partitions,
                newMasterKeys);
    }

    /** Sizes of settings only: Kafka's may hold credentials. */
    @Override
    public String toString() {
        return "EdgeConfig[kafkaSettings="
                + kafka.size()
                + ", topics="
                + topics.prefix()
                + ", providers="
                + providers
                + ", routes="
                + routes
                + ", projectors="
                + projectors
                + ", listen="
                + listen
                + ", limits="
                + limits
                + ", window="
                + window
                + ", catchUp="
                + catchUp
                + ", streaming="
                + streaming
                + ", timeouts="
                + timeouts
                + ", access="
                + access
                + ", startKeys="
                + startKeys
                + ", tenantLimits="
                + tenantLimits
                + ", partitions="
                + partitions
                + ", masterKeys="
                + masterKeys
                + "]";
    }

    private static void requireHttp(List<URI> projectors) {
        if (projectors.isEmpty() || projectors.size() > PROJECTORS_MAX) {
            throw new IllegalArgumentException(
                    "projectors must be 1 to %d addresses, were %d"
                            .formatted(PROJECTORS_MAX, projectors.size()));
        }
        for (var projector : projectors) {
            if (projector.getHost() == null
                    || !String.valueOf(projector.getScheme()).startsWith("http")) {
                throw new IllegalArgumentException(
                        "projectors must be http or https addresses, one was " + projector);
            }
        }
    }

    private static void requireDistinct(List<Provider> providers) {
        if (providers.isEmpty()) {
            throw new IllegalArgumentException("providers must name at least one provider");
        }
        var names = new HashSet<String>();
        for (var provider : providers) {
            if (!names.add(provider.name())) {
                throw new IllegalArgumentException(
                        "providers must have distinct names, found twice: " + provider.name());
            }
        }
    }

    private static void requireKnown(List<Route> routes, List<Provider> providers) {
        var known = providers.stream().map(Provider::name).toList();
        for (var route : routes) {
            if (!known.containsAll(route.providers())) {
                throw new IllegalArgumentException(
                        "route %s names providers %s, of which some are none of %s"
                                .formatted(route.name(), route.providers(), known));
            }
        }
    }

    /** A part of the configuration that has defaults. */
    public sealed interface Part
            permits ListenConfig,
                    LimitsConfig,
                    WindowConfig,
                    CatchUpConfig,
                    StreamingConfig,
                    TimeoutsConfig,
                    AccessConfig,
                    StartKeysConfig,
                    TenantLimits,
                    PartitionsConfig {}

    /**
     * Which providers are asked for a model. Of several routes that a model fits, the one whose
     * pattern spells out most of its name is taken.
     *
     * @param models what the names of its models look like; at least one
     * @param providers in order of preference; at least one
     */
    public record Route(String name, List<ModelPattern> models, List<String> providers) {
        public Route {
            models = List.copyOf(models);
            providers = List.copyOf(providers);
            if (name.isBlank() || models.isEmpty() || providers.isEmpty()) {
                throw new IllegalArgumentException(
                        "a route must have a name, models and providers, was %s %s %s"
                                .formatted(name, models, providers));
            }
        }
    }

    /**
     * A provider that may be asked for.
     *
     * @param name its name in requests
     * @param apis the dialects it speaks, such as {@code openai.responses}; it is the default for
     *     those that no provider before it speaks
     */
    public record Provider(String name, List<String> apis) {
        public Provider {
            if (name.isBlank()) {
                throw new IllegalArgumentException("provider name must not be blank");
            }
            apis = List.copyOf(apis);
            if (apis.isEmpty()) {
                throw new IllegalArgumentException("provider " + name + " must speak some api");
            }
        }
    }
}
