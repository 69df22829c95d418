package io.tidemark.standalone.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * An open connection that delivers events. Reading blocks the calling thread; {@link #close} may be
 * called from any thread and cuts the connection at once, in the middle of a frame if need be.
 */
public final class EventStream implements AutoCloseable {
    private static final Duration RETRY_UNLESS_TOLD = Duration.ofSeconds(1);

    private final InputStream body;
    private final BufferedReader lines;
    private volatile Duration retry = RETRY_UNLESS_TOLD;

    /** The events in a response's body, which is closed with the stream. */
    public static EventStream of(InputStream body) {
        return new EventStream(body);
    }

    private EventStream(InputStream body) {
        this.body = body;
        this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /**
     * The next event, or empty at the end of the response. A frame that was cut off is not
     * delivered, as WHATWG's event stream interpretation asks.
     *
     * @throws IOException if the connection broke
     */
    public Optional<ReceivedEvent> next() throws IOException {
        var id = "-1";
        var type = "message";
        var wait = "";
        var data = new StringBuilder();
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                if (!wait.isEmpty()) {
                    retry = Duration.ofMillis(Long.parseLong(wait));
                    wait = "";
                }
                if (!data.isEmpty()) {
                    return Optional.of(
                            new ReceivedEvent(Long.parseLong(id), type, data.toString()));
                }
            } else if (line.startsWith("id:")) {
                id = value(line, 3); // a number, unless it was cut off
            } else if (line.startsWith("retry:")) {
                wait = value(line, 6);
            } else if (line.startsWith("event:")) {
                type = value(line, 6);
            } else if (line.startsWith("data:")) {
                if (!data.isEmpty()) {
                    data.append('\n');
                }
                data.append(value(line, 5));
            }
        }
        return Optional.empty();
    }

    /** How long to wait before the next connection, as the edge has said last. */
    public Duration retry() {
        return retry;
    }

    private static String value(String line, int from) {
        return line.startsWith(" ", from) ? line.substring(from + 1) : line.substring(from);
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            // The connection is gone, which is what was wanted.
        }
    }
}
