package io.tidemark.ingest.internal;

import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderApi.KeyHeader;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Calls providers over HTTP: HTTP/2 where TLS lets both sides agree on it, HTTP/1.1 otherwise.
 *
 * <p>Redirects are never followed, because they would carry the key and the prompt to an address
 * nobody configured. Compression is not asked for: it would hold frames back. Thread-safe; one for
 * each provider, since connect timeouts differ.
 */
final class UpstreamClient implements AutoCloseable {
    private final ProviderConfig provider;
    private final HttpClient client;
    private final ExecutorService executor;

    UpstreamClient(ProviderConfig provider) {
        this.provider = provider;
        this.executor = Executors.newVirtualThreadPerTaskExecutor();
        this.client =
                HttpClient.newBuilder()
                        .connectTimeout(provider.timeouts().connect())
                        .followRedirects(Redirect.NEVER)
                        .version(versionFor(provider.baseUrl()))
                        .executor(executor)
                        .build();
    }

    /* An h2c upgrade is one more way to fail against a plain server, and gains nothing. */
    private static Version versionFor(URI url) {
        return "https".equals(url.getScheme()) ? Version.HTTP_2 : Version.HTTP_1_1;
    }

    /**
     * Sends a request; what comes of it is told to the mailbox.
     *
     * @param keyHeader how the API takes the provider's key
     */
    UpstreamCall call(Prepared prepared, KeyHeader keyHeader, Mailbox mailbox) {
        return new UpstreamCall(client, request(prepared, keyHeader), mailbox);
    }

    private HttpRequest request(Prepared prepared, KeyHeader keyHeader) {
        var request =
                HttpRequest.newBuilder(prepared.path().below(provider.baseUrl()))
                        .POST(BodyPublishers.ofByteArray(prepared.body().bytes()))
                        .header("accept", "text/event-stream")
                        .header("content-type", prepared.body().contentType());
        prepared.headers().forEach(request::setHeader);
        provider.headers().forEach(request::setHeader);
        var key = provider.apiKey();
        if (key != null) {
            request.setHeader(keyHeader.name(), keyHeader.prefix() + key.value());
        }
        return request.build();
    }

    /** Closes connections, those in use too. */
    @Override
    public void close() {
        client.shutdownNow();
        try {
            client.awaitTermination(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }
}
