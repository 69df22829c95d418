package io.tidemark.edge;

import io.tidemark.edge.internal.access.ApiKeys;
import io.tidemark.edge.internal.access.Authenticator;
import io.tidemark.edge.internal.access.Capabilities;
import io.tidemark.edge.internal.access.Credentials;
import io.tidemark.edge.internal.access.Jwts;
import io.tidemark.edge.internal.access.Revocations;
import io.tidemark.edge.internal.live.KafkaClients;
import io.tidemark.edge.internal.live.TopicTail;
import io.tidemark.schemas.Revocation;
import io.tidemark.schemas.Topics;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Deque;

/**
 * What admits callers, put together as an edge's settings say. Immutable.
 *
 * @param capabilities null where callers do not have to say who they are
 */
record EdgeAccess(Authenticator authenticator, @Nullable Capabilities capabilities) {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final Duration REVOCATIONS_MAX = Duration.ofSeconds(30);

    /**
     * Puts it together, and knows then what was revoked so far.
     *
     * @param parts gets what is to be closed
     */
    static EdgeAccess start(
            EdgeConfig config,
            KafkaClients clients,
            int partitions,
            InstantSource clock,
            Deque<AutoCloseable> parts) {
        var access = config.access();
        var settings = access.capabilities();
        if (!access.authenticates() || settings == null) {
            return new EdgeAccess(Authenticator.NONE, null);
        }
        var revocations =
                new Revocations(settings.revokedStreamsMax(), Topics.CAPABILITY_LIFETIME_MAX);
        var capabilities =
                new Capabilities(settings.keys(), settings.lifetime(), revocations, clock);
        parts.push(
                TopicTail.start(
                        clients.follow("revocations"),
                        config.topics().revocations().name(),
                        partitions,
                        Long.MAX_VALUE,
                        record -> capabilities.heed(Revocation.of(record)),
                        REVOCATIONS_MAX));
        var credentials =
                new Credentials(
                        new ApiKeys(access.apiKeys()),
                        capabilities,
                        jwts(access.jwt(), clock, parts));
        return new EdgeAccess(credentials, capabilities);
    }

    private static @Nullable Jwts jwts(
            AccessConfig.@Nullable Jwt jwt, InstantSource clock, Deque<AutoCloseable> parts) {
        if (jwt == null) {
            return null;
        }
        var client =
                HttpClient.newBuilder()
                        .connectTimeout(CONNECT_MAX)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build();
        parts.push(client::shutdownNow);
        var expected = new Jwts.Expected(jwt.issuer(), jwt.audience(), jwt.tenantClaim());
        return Jwts.open(expected, jwt.keys(), client, clock);
    }

    /**
     * Refuses an edge that others reach, and that was neither told who they are nor that it does
     * not matter.
     */
    static void require(EdgeConfig config) {
        var access = config.access();
        var host = config.listen().host();
        if (!access.authenticates() && !access.allowAnonymous() && !loopback(host)) {
            throw new IllegalArgumentException(
                    "edge.host is %s, which others reach, and no authentication is configured: set"
                                    .formatted(host)
                            + " tenants.<name>.api-keys or edge.jwt-issuer, or edge.allow-anonymous=true to serve"
                            + " anybody");
        }
    }

    private static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
