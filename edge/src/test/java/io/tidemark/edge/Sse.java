package io.tidemark.edge;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads a response of events as the WHATWG's rules say, and remembers what else it saw. */
final class Sse implements AutoCloseable {
    /** One event as dispatched. */
    record Event(String id, String type, String data) {
        boolean terminal() {
            return type.equals("stream.completed") || type.equals("stream.failed");
        }
    }

    private final BufferedReader lines;

    /** What the client would send as {@code Last-Event-ID}; read by other threads. */
    volatile String lastEventId = "";

    final List<String> comments = new ArrayList<>();
    final List<String> retries = new ArrayList<>();

    Sse(InputStream in) {
        this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** The next event, or null at the end of the response. */
    @Nullable Event next() throws IOException {
        String id = "";
        String type = "";
        var data = new ArrayList<String>();
        while (true) {
            var line = lines.readLine();
            if (line == null) {
                return null;
            }
            if (line.isEmpty()) {
                lastEventId = id.isEmpty() ? lastEventId : id;
                if (!data.isEmpty()) {
                    return new Event(id, type, String.join("\n", data));
                }
            } else if (line.startsWith(":")) {
                comments.add(line.substring(1).strip());
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                type = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data.add(line.substring(6));
            } else if (line.startsWith("retry: ")) {
                retries.add(line.substring(7));
            } else {
                throw new AssertionError("not a line of an event stream: " + line);
            }
        }
    }

    List<Event> take(int count) throws IOException {
        var events = new ArrayList<Event>();
        while (events.size() < count) {
            var event = next();
            if (event == null) {
                throw new AssertionError("ended after " + events.size() + " of " + count);
            }
            events.add(event);
        }
        return events;
    }

    /** Everything to the end of the response. */
    List<Event> rest() throws IOException {
        var events = new ArrayList<Event>();
        for (var event = next(); event != null; event = next()) {
            events.add(event);
        }
        return events;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
