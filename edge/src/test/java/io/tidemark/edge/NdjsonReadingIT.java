package io.tidemark.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** One event JSON per line. */
class NdjsonReadingIT extends ReadingContract {
    private static final String NDJSON = "application/x-ndjson";

    private static final class Lines implements Reading {
        private final BufferedReader lines;
        private volatile long tidemark = -1;

        Lines(BufferedReader lines) {
            this.lines = lines;
        }

        @Override
        public @Nullable String next() throws IOException {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty()) {
                    var json = Client.JSON.readTree(line);
                    tidemark = json.path("sequence").asLong(tidemark);
                    if (!json.path("type").asText().equals("tidemark")) {
                        return line;
                    }
                }
            }
            return null;
        }

        @Override
        public long tidemark() {
            return tidemark;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    @Override
    Reading open(Client client, StreamId id, String query) throws Exception {
        var response = client.stream(client.request(Client.events(id, query)), NDJSON);
        assertThat(response.statusCode()).isEqualTo(200);
        return new Lines(
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
    }

    @Override
    HttpResponse<String> ask(Client client, StreamId id, String query) throws Exception {
        return client.send(client.request(Client.events(id, query)).header("Accept", NDJSON));
    }

    @Test
    void theBodyIsTheLogLineByLine() throws Exception {
        var writer = world().writer().start().deltas(3).complete();
        writer.flush();
        var response = ask(client(), writer.id, "");

        assertThat(response.headers().firstValue("Content-Type")).hasValue(NDJSON);
        assertThat(response.headers().firstValue("Cache-Control"))
                .hasValue("no-cache, no-store, no-transform");
        assertThat(response.body()).isEqualTo("\n" + String.join("\n", writer.written()) + "\n");
    }
}
