package io.tidemark.devkit.internal;

import io.tidemark.devkit.EmbeddedKafkaSecurity;
import io.tidemark.devkit.EmbeddedKafkaSecurity.MutualTls;
import io.tidemark.devkit.EmbeddedKafkaSecurity.None;
import io.tidemark.devkit.EmbeddedKafkaSecurity.Scram;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The broker settings of {@link EmbeddedKafkaSecurity}. The controller's listener, which only the
 * brokers of this process know, stays plain: whoever comes there is {@code User:ANONYMOUS}, which
 * nobody is who comes as a client. Stateless.
 */
public final class SecuritySettings {
    /** The mechanism that users of {@link Scram} have. */
    public static final String SCRAM = "SCRAM-SHA-512";

    private static final String CONTROLLER_CLIENT = "User:ANONYMOUS";

    private SecuritySettings() {}

    static String protocol(EmbeddedKafkaSecurity security) {
        return switch (security) {
            case None() -> "PLAINTEXT";
            case Scram _ -> "SASL_PLAINTEXT";
            case MutualTls _ -> "SSL";
        };
    }

    static Map<String, String> of(EmbeddedKafkaSecurity security) {
        return switch (security) {
            case None() -> Map.of();
            case Scram scram -> scram(scram);
            case MutualTls tls -> tls(tls);
        };
    }

    /** What a client logs in with. */
    public static String scramLogin(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(user, password);
    }

    /** The users that a directory is formatted with, as Kafka's own tool takes them. */
    static List<String> scramArguments(EmbeddedKafkaSecurity security) {
        return security instanceof Scram scram
                ? new TreeMap<>(scram.passwords())
                        .entrySet().stream()
                                .map(user ->
                                        "%s=[name=%s,password=%s]"
                                                .formatted(SCRAM, user.getKey(), user.getValue()))
                                .toList()
                : List.of();
    }

    private static Map<String, String> scram(Scram scram) {
        var admin = scram.admin();
        var settings = authorizer("User:" + admin);
        settings.put("sasl.enabled.mechanisms", SCRAM);
        settings.put("sasl.mechanism.inter.broker.protocol", SCRAM);
        settings.put(
                "listener.name.client.scram-sha-512.sasl.jaas.config",
                scramLogin(admin, scram.passwords().getOrDefault(admin, "")));
        return settings;
    }

    private static Map<String, String> tls(MutualTls tls) {
        var settings = authorizer("User:" + tls.broker() + ";User:" + MutualTls.ADMIN);
        settings.put("ssl.keystore.type", "PKCS12");
        settings.put("ssl.keystore.location", tls.keyStore().toString());
        settings.put("ssl.keystore.password", tls.password());
        settings.put("ssl.truststore.type", "PKCS12");
        settings.put("ssl.truststore.location", tls.trustStore().toString());
        settings.put("ssl.truststore.password", tls.password());
        settings.put("ssl.client.auth", "required");
        settings.put("ssl.principal.mapping.rules", "RULE:^CN=([^,]+).*$/$1/");
        return settings;
    }

    private static Map<String, String> authorizer(String superUsers) {
        var settings = new HashMap<String, String>();
        settings.put(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.put("allow.everyone.if.no.acl.found", "false");
        settings.put("super.users", superUsers + ";" + CONTROLLER_CLIENT);
        return settings;
    }
}
