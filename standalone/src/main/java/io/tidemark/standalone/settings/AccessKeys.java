package io.tidemark.standalone.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The part of {@link Keys} that says who may ask an edge, and over what. */
public final class AccessKeys {
    public static final Key<Path> TLS_CERTIFICATE =
            Key.optional(
                    "edge.tls-certificate",
                    Reader.path(),
                    "PEM file of the edge's certificate and what leads to its root; HTTPS with"
                            + " HTTP/2, and with edge.tls-key");
    public static final Key<Path> TLS_KEY =
            Key.optional(
                    "edge.tls-key",
                    Reader.path(),
                    "PEM file of its private key, PKCS #8 without a password");
    public static final Key<String> JWT_ISSUER =
            Key.optional(
                    "edge.jwt-issuer",
                    Reader.text(),
                    "issuer whose JSON web tokens are taken beside keys; goes with the next two");
    public static final Key<String> JWT_AUDIENCE =
            Key.optional(
                    "edge.jwt-audience", Reader.text(), "audience that its tokens must be for");
    public static final Key<URI> JWT_KEYS =
            Key.optional(
                    "edge.jwt-keys",
                    Reader.fileOrAddress(),
                    "the issuer's JWK set: a file, or an https:// address");
    public static final Key<String> JWT_TENANT_CLAIM =
            Key.of(
                    "edge.jwt-tenant-claim",
                    Reader.text(),
                    "tenant",
                    "claim of its tokens that names the tenant");
    public static final Key<List<String>> CAPABILITY_KEYS =
            Key.secret(
                    "edge.capability-keys",
                    Reader.keys(),
                    "keys that links to streams are signed with, the same on every edge, with commas"
                            + " between; the first one signs");
    public static final Key<Duration> CAPABILITY_LIFETIME =
            Key.of(
                    "edge.capability-lifetime",
                    Reader.duration(),
                    "1h",
                    "how long a link to a stream is good; at most 7d");
    public static final Key<List<String>> CORS_ORIGINS =
            Key.optional(
                    "edge.cors-origins",
                    Reader.list(),
                    "origins whose pages may read answers, such as https://app.example, with commas"
                            + " between; * stands for all");
    public static final Key<Boolean> ALLOW_ANONYMOUS =
            Key.of(
                    "edge.allow-anonymous",
                    Reader.flag(),
                    "false",
                    "whether an edge that others reach serves anybody, where no authentication is"
                            + " configured");

    private AccessKeys() {}
}
