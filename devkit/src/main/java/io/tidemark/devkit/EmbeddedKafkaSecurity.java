package io.tidemark.devkit;

import static java.util.Objects.requireNonNull;

import io.tidemark.devkit.internal.SecuritySettings;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who may connect to an {@link EmbeddedKafka}, and how they say who they are: {@link None} lets
 * anybody do anything; with {@link Scram} and {@link MutualTls} clients are principals, and Kafka's
 * own authorizer denies what no ACL allows.
 *
 * <p>The principal that brokers themselves are may do everything, and so may {@code User:admin} of
 * mutual TLS. Immutable.
 */
public sealed interface EmbeddedKafkaSecurity {
    /** Plain connections from anybody, who may do anything. */
    record None() implements EmbeddedKafkaSecurity {}

    /**
     * {@code SASL_PLAINTEXT} with {@code SCRAM-SHA-512}; a client is {@code User:<name>}.
     *
     * @param admin the user that may do everything, and that brokers are among themselves
     * @param passwords by user, the administrator's among them; they are made with the directory,
     *     and a directory that is used again keeps those it has
     */
    record Scram(String admin, Map<String, String> passwords) implements EmbeddedKafkaSecurity {
        /** Checks that the administrator is among the users, and that names need no quoting. */
        public Scram {
            requireNonNull(admin, "admin");
            passwords = Map.copyOf(passwords);
            if (!passwords.containsKey(admin)) {
                throw new IllegalArgumentException("passwords must have one of user " + admin);
            }
            new TreeMap<>(passwords)
                    .forEach((user, password) -> {
                        if (!user.matches("[a-zA-Z0-9._-]+")
                                || !password.matches("[a-zA-Z0-9._-]+")) {
                            throw new IllegalArgumentException(
                                    "user and password of "
                                            + user
                                            + " must be letters, digits, dots, dashes or"
                                            + " underscores");
                        }
                    });
        }

        /**
         * Settings of Kafka's clients that make one this user.
         *
         * @param user one of the users
         */
        public Map<String, String> clientProperties(String user) {
            var password = passwords.get(user);
            if (password == null) {
                throw new IllegalArgumentException("there is no user " + user);
            }
            return Map.of(
                    "security.protocol",
                    "SASL_PLAINTEXT",
                    "sasl.mechanism",
                    SecuritySettings.SCRAM,
                    "sasl.jaas.config",
                    SecuritySettings.scramLogin(user, password));
        }

        /** Names the users alone. */
        @Override
        public String toString() {
            return "Scram[admin=%s, users=%s]".formatted(admin, passwords.keySet());
        }
    }

    /**
     * {@code SSL} with certificates on both sides; a client is {@code User:<common name>} of its
     * certificate.
     *
     * @param keyStore PKCS #12 file with the key and certificate of the brokers, for 127.0.0.1
     * @param trustStore PKCS #12 file with whom they trust
     * @param password of both files
     * @param broker common name in the brokers' certificate
     */
    record MutualTls(Path keyStore, Path trustStore, String password, String broker)
            implements EmbeddedKafkaSecurity {
        /** The user of mutual TLS that may do everything beside the brokers. */
        public static final String ADMIN = "admin";

        /** Checks that all are there. */
        public MutualTls {
            requireNonNull(keyStore, "keyStore");
            requireNonNull(trustStore, "trustStore");
            requireNonNull(password, "password");
            requireNonNull(broker, "broker");
        }

        /** Leaves the password out. */
        @Override
        public String toString() {
            return "MutualTls[keyStore=%s, trustStore=%s, broker=%s]"
                    .formatted(keyStore, trustStore, broker);
        }
    }
}
