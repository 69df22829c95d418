package io.tidemark.standalone;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.schemas.EventType;
import io.tidemark.standalone.client.ReceivedEvent;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The {@code EventSource} of a browser. Confined to one thread. */
final class ChromiumReaders implements ForeignReaders {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Chromium page;

    private ChromiumReaders(Chromium page) {
        this.page = page;
    }

    static ChromiumReaders open(Path executable, Path profile, URI edge, List<String> ids)
            throws IOException, InterruptedException {
        var readers = new ChromiumReaders(Chromium.open(executable, profile, edge.resolve("/")));
        try {
            await().until(() ->
                    readers.page.evaluate("location.protocol").asText().equals("http:"));
            readers.page.evaluate(
                    script(JSON.writeValueAsString(ids), JSON.writeValueAsString(types())));
            return readers;
        } catch (AssertionError | IOException | InterruptedException e) {
            readers.close();
            throw e;
        }
    }

    private static String script(String ids, String types) {
        return """
        window.received = %1$s.map(() => []);
        %1$s.forEach((id, reader) => {
          const source = new EventSource('/v1/streams/' + id + '/events');
          for (const type of %2$s) {
            source.addEventListener(type, (event) => window.received[reader].push(
                {id: event.lastEventId, type: event.type, data: event.data}));
          }
        });
        """
                .formatted(ids, types);
    }

    /** The names of all events, each of which a listener has to be added for. */
    static List<String> types() {
        return Arrays.stream(EventType.values()).map(EventType::wire).toList();
    }

    @Override
    public List<List<ReceivedEvent>> received() throws InterruptedException {
        return page.evaluate("window.received")
                .valueStream()
                .map(events -> events.valueStream().map(ChromiumReaders::event).toList())
                .toList();
    }

    /** An event as a script tells of it. */
    static ReceivedEvent event(JsonNode told) {
        return new ReceivedEvent(
                told.path("id").asLong(), told.path("type").asText(), told.path("data").asText());
    }

    @Override
    public void close() {
        page.close();
    }
}
