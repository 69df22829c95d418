package io.tidemark.standalone.settings;

import io.tidemark.ingest.ProviderKind;
import io.tidemark.ingest.Resilience;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The part of {@link Keys} that says what each provider is, and how it is called. */
public final class ProviderKeys {
    private static final Pattern PROVIDER =
            Pattern.compile("providers\\.([a-z][a-z0-9-]{0,62})\\.([a-z0-9.-]+)");
    private static final Pattern HEADER =
            Pattern.compile("providers\\.([a-z][a-z0-9-]{0,62})\\.headers\\.([a-z0-9-]{1,64})");

    private ProviderKeys() {}

    /** What a provider speaks. */
    public static Key<ProviderKind> kind(String provider) {
        return Key.optional(
                of(provider, "kind"),
                Reader.oneOf(ProviderKind.values()),
                "what it speaks: openai, openai-compatible, anthropic or gemini; by default what"
                        + " its name says, or else openai");
    }

    /** Address of a provider's API, as the vendor's own SDK takes it. */
    public static Key<URI> baseUrl(String provider) {
        return Key.optional(
                of(provider, "base-url"),
                Reader.httpUri(),
                "address of its API, as the vendor's own SDK takes it");
    }

    /** Key a provider is called with. */
    public static Key<String> apiKey(String provider) {
        return Key.secret(of(provider, "api-key"), Reader.credential(), "key to call it with");
    }

    /** A header sent to a provider with every request. */
    public static Key<String> header(String provider, String header) {
        return Key.secret(of(provider, "headers." + header), "header sent with every request");
    }

    /** Most streams in flight with a provider. */
    public static Key<Integer> streamsMax(String provider) {
        return Key.of(
                of(provider, "streams-max"),
                Reader.number(1, 100_000),
                "10000",
                "most streams in flight with it; further ones wait");
    }

    /** Longest wait for a connection to a provider. */
    public static Key<Duration> connect(String provider) {
        return Key.of(
                of(provider, "connect-timeout"),
                Reader.duration(),
                "10s",
                "longest wait for a connection, TLS included");
    }

    /** Longest wait for the first byte of a provider's answer. */
    public static Key<Duration> firstByte(String provider) {
        return Key.of(
                of(provider, "first-byte-timeout"),
                Reader.duration(),
                "60s",
                "longest wait for the first byte of its answer");
    }

    /** Longest silence of a provider in the middle of a stream. */
    public static Key<Duration> idle(String provider) {
        return Key.of(
                of(provider, "idle-timeout"),
                Reader.duration(),
                "120s",
                "longest silence in the middle of a stream");
    }

    /** Longest time a stream may take in all. */
    public static Key<Duration> total(String provider) {
        return Key.of(
                of(provider, "total-timeout"),
                Reader.duration(),
                "1h",
                "longest time a stream may take in all, its retries included");
    }

    /** Most times that a provider is asked for one stream. */
    public static Key<Integer> attemptsMax(String provider) {
        return Key.of(
                of(provider, "attempts-max"),
                Reader.number(1, 10),
                "3",
                "most times it is asked for one stream, as long as it has said nothing");
    }

    /** Wait before the second attempt. */
    public static Key<Duration> backoff(String provider) {
        return Key.of(
                of(provider, "retry-backoff"),
                Reader.duration(),
                "250ms",
                "wait before the second attempt, on average; doubles, up to 8s");
    }

    /** Longest wait that a provider may ask for. */
    public static Key<Duration> retryAfterMax(String provider) {
        return Key.of(
                of(provider, "retry-after-max"),
                Reader.duration(),
                "30s",
                "longest wait that it may ask for with retry-after; beyond it the stream fails or"
                        + " falls back");
    }

    /** Most requests in a row to read a response on. */
    public static Key<Integer> resumesMax(String provider) {
        return Key.of(
                of(provider, "resumes-max"),
                Reader.number(0, 100),
                String.valueOf(Resilience.RESUMES_DEFAULT),
                "most requests in a row that bring nothing, to read a response in background mode"
                        + " on; 0 for none");
    }

    /** How many retries its calls earn. */
    public static Key<Integer> retryBudget(String provider) {
        return Key.of(
                of(provider, "retry-budget"),
                Reader.number(0, 100),
                "20",
                "retries in percent of the calls to it, over all streams; 0 for none");
    }

    /** Over how many calls a provider's failures are counted. */
    public static Key<Integer> breakerCalls(String provider) {
        return Key.of(
                of(provider, "breaker-calls"),
                Reader.number(2, 10_000),
                "20",
                "over how many of its last calls failures are counted");
    }

    /** Share of failures that suspends calls to a provider. */
    public static Key<Integer> breakerRate(String provider) {
        return Key.of(
                of(provider, "breaker-failure-rate"),
                Reader.number(1, 100),
                "50",
                "share of failed ones, in percent, at which calls to it are suspended");
    }

    /** How long calls to a provider are suspended. */
    public static Key<Duration> breakerOpen(String provider) {
        return Key.of(
                of(provider, "breaker-open"),
                Reader.duration(),
                "10s",
                "how long they are suspended before some are let through again");
    }

    private static String of(String provider, String setting) {
        return "providers." + provider + "." + setting;
    }

    /** Every key a provider of that name has, but for its headers. */
    public static List<Key<?>> ofProvider(String provider) {
        return List.of(
                kind(provider),
                baseUrl(provider),
                apiKey(provider),
                streamsMax(provider),
                connect(provider),
                firstByte(provider),
                idle(provider),
                total(provider),
                attemptsMax(provider),
                backoff(provider),
                retryAfterMax(provider),
                resumesMax(provider),
                retryBudget(provider),
                breakerCalls(provider),
                breakerRate(provider),
                breakerOpen(provider));
    }

    /** The provider that a key is about, if it is about one. */
    static Optional<String> providerName(String name) {
        var match = PROVIDER.matcher(name);
        return match.matches() ? Optional.of(match.group(1)) : Optional.empty();
    }

    /** The header that a key sets for a provider, if it does. */
    static Optional<String> headerName(String name) {
        var match = HEADER.matcher(name);
        return match.matches() ? Optional.of(match.group(2)) : Optional.empty();
    }
}
