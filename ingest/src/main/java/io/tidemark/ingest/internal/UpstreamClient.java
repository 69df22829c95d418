package io.tidemark.ingest.internal;

import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderApi.KeyHeader;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls providers over HTTP: HTTP/2 where TLS lets both sides agree on it, HTTP/1.1 otherwise.
 *
 * <p>Redirects are never followed, because they would carry the key and the prompt to an address
 * nobody configured. Compression is not asked for: it would hold frames back. Thread-safe; one for
 * each provider, since connect timeouts differ.
 */
final class UpstreamClient implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(UpstreamClient.class);

    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

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
    UpstreamCall call(Outgoing outgoing, KeyHeader keyHeader, Mailbox mailbox) {
        return new UpstreamCall(client, request(outgoing, keyHeader), mailbox);
    }

    /**
     * Sends a request of which only the success counts, and waits for it.
     *
     * @return false if it was refused, or not answered in time
     */
    boolean cancel(Outgoing.Cancelling cancelling, KeyHeader keyHeader, Duration longest) {
        var answer =
                client.sendAsync(request(cancelling, keyHeader), BodyHandlers.discarding())
                        .thenApply(response -> response.statusCode() / 100 == 2);
        try {
            return answer.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            answer.cancel(true);
            LOGGER.atWarn()
                    .addKeyValue("providerName", provider.name())
                    .addKeyValue("error", e.getClass().getName())
                    .log("provider did not take a cancel");
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.cancel(true);
            return false;
        }
    }

    private HttpRequest request(Outgoing outgoing, KeyHeader keyHeader) {
        var request = HttpRequest.newBuilder(outgoing.path().below(provider.baseUrl()));
        switch (outgoing) {
            case Prepared prepared ->
                    request.POST(BodyPublishers.ofByteArray(prepared.body().bytes()))
                            .header("accept", "text/event-stream")
                            .header("content-type", prepared.body().contentType());
            case Outgoing.Reading _ -> request.GET().header("accept", "text/event-stream");
            case Outgoing.Cancelling _ -> request.POST(BodyPublishers.noBody());
        }
        outgoing.headers().forEach(request::setHeader);
        provider.headers().forEach(request::setHeader);
        var key = provider.apiKey();
        if (key != null) {
            request.setHeader(keyHeader.name(), keyHeader.prefix() + key.value());
        }
        return request.build();
    }

    /** As {@link #close(Duration)}, with time enough for any connection. */
    @Override
    public void close() {
        close(CLOSE_MAX);
    }

    /** Closes connections, those in use too; waits that long for whoever reads them. */
    void close(Duration longest) {
        client.shutdownNow();
        try {
            client.awaitTermination(longest);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.shutdownNow();
    }
}
