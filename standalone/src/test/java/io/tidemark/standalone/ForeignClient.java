package io.tidemark.standalone;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.RetryDelayStrategy;
import com.launchdarkly.eventsource.StreamException;

import io.tidemark.standalone.client.EventStream;
import io.tidemark.standalone.client.ReceivedEvent;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The clients that others wrote, and what each of them needs. */
enum ForeignClient {
    CHROMIUM("apt-get install chromium") {
        @Override
        Optional<Path> executable() {
            return Chromium.executable();
        }

        @Override
        ForeignReaders open(Path scratch, URI edge, List<String> ids) throws Exception {
            return ChromiumReaders.open(executable().orElseThrow(), scratch, edge, ids);
        }

        /* Without TLS; then the content type is missing, and it asks no more. */
        @Override
        boolean takesHalfAHeadForAWhole() {
            return true;
        }
    },
    NPM_EVENTSOURCE("apt-get install nodejs npm") {
        @Override
        Optional<Path> executable() {
            return NodeReaders.executable();
        }

        @Override
        ForeignReaders open(Path scratch, URI edge, List<String> ids) throws Exception {
            return NodeReaders.open("eventsource.mjs", scratch, edge, ids);
        }
    },
    NPM_FETCH_EVENT_SOURCE("apt-get install nodejs npm") {
        @Override
        Optional<Path> executable() {
            return NodeReaders.executable();
        }

        @Override
        ForeignReaders open(Path scratch, URI edge, List<String> ids) throws Exception {
            return NodeReaders.open("fetch-event-source.mjs", scratch, edge, ids);
        }
    },
    OKHTTP_EVENTSOURCE("nothing") {
        @Override
        Optional<Path> executable() {
            return Optional.of(Path.of("/"));
        }

        @Override
        ForeignReaders open(Path scratch, URI edge, List<String> ids) {
            return ReaderThreads.start(urls(edge, ids), ForeignClient::okhttp);
        }
    },
    CURL("apt-get install curl") {
        @Override
        Optional<Path> executable() {
            return Optional.of(Path.of("/usr/bin/curl")).filter(Files::isExecutable);
        }

        @Override
        ForeignReaders open(Path scratch, URI edge, List<String> ids) {
            return ReaderThreads.start(urls(edge, ids), ForeignClient::curl);
        }
    };

    private static final long RETRY_MS = 10;

    private final String installation;

    ForeignClient(String installation) {
        this.installation = installation;
    }

    /** The program that it is or that runs it, if this machine has one. */
    abstract Optional<Path> executable();

    /**
     * Begins to read.
     *
     * @param scratch an empty directory
     * @param edge where the edge is, or what stands before it
     */
    abstract ForeignReaders open(Path scratch, URI edge, List<String> ids) throws Exception;

    /**
     * Whether a connection that ends within a response's head counts as one that came to its end.
     */
    boolean takesHalfAHeadForAWhole() {
        return false;
    }

    /** How to get it. */
    String installation() {
        return installation;
    }

    private static List<String> urls(URI edge, List<String> ids) {
        return ids.stream()
                .map(id -> edge.resolve("/v1/streams/" + id + "/events").toString())
                .toList();
    }

    /* Its own way to wait would double from one cut to the next. */
    private static void okhttp(String url, Consumer<ReceivedEvent> takenIn) throws StreamException {
        try (var source =
                new EventSource.Builder(ConnectStrategy.http(URI.create(url)))
                        .errorStrategy(ErrorStrategy.alwaysContinue())
                        .retryDelay(RETRY_MS, TimeUnit.MILLISECONDS)
                        .retryDelayStrategy(
                                RetryDelayStrategy.defaultStrategy()
                                        .maxDelay(RETRY_MS, TimeUnit.MILLISECONDS))
                        .build()) {
            boolean ended = false;
            while (!ended) {
                var message = source.readMessage();
                var event =
                        new ReceivedEvent(
                                Long.parseLong(message.getLastEventId()),
                                message.getEventName(),
                                message.getData());
                takenIn.accept(event);
                ended = event.terminal();
            }
        }
    }

    /* As a shell script would: the last id that came whole is the next call's header. */
    private static void curl(String url, Consumer<ReceivedEvent> takenIn)
            throws IOException, InterruptedException {
        long seen = -1;
        boolean ended = false;
        while (!ended) {
            var command =
                    seen < 0
                            ? List.of("curl", "-sN", url)
                            : List.of("curl", "-sN", "-H", "Last-Event-ID: " + seen, url);
            var process = new ProcessBuilder(command).start();
            try (var events = EventStream.of(process.getInputStream())) {
                for (var event = events.next(); event.isPresent(); event = events.next()) {
                    takenIn.accept(event.get());
                    seen = event.get().sequence();
                    ended = event.get().terminal();
                }
                process.waitFor();
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
