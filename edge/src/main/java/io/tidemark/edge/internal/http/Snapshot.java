package io.tidemark.edge.internal.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;

import io.tidemark.edge.internal.live.Frame;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.StreamId;

import java.io.IOException;
import java.util.Optional;

/**
 * The event {@code snapshot} ({@code docs/protocol.md}, section 9.13), made from a response's JSON,
 * of which it reads two fields and keeps the rest as it is. Stateless; thread-safe.
 */
final class Snapshot {
    private static final String IN_PROGRESS = Response.Status.IN_PROGRESS.wire();
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private Snapshot() {}

    /** The event; empty if that is not the JSON of a response. */
    static Optional<Frame> of(StreamId id, String response) {
        long last = -1;
        boolean ended = false;
        try (JsonParser json = JSON.createParser(response)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                json.nextToken();
                if (name.equals("lastSequence")) {
                    last = json.getLongValue();
                } else if (name.equals("status")) {
                    ended = !json.getText().equals(IN_PROGRESS);
                }
                json.skipChildren();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return last < 0 ? Optional.empty() : Optional.of(frame(id, last, ended, response));
    }

    private static Frame frame(StreamId id, long last, boolean ended, String response) {
        return Frame.snapshot(
                last,
                ended,
                "{\"schemaVersion\":1,\"type\":\"snapshot\",\"requestId\":\"%s\",\"sequence\":%d,"
                                .formatted(id, last)
                        + "\"response\":"
                        /* Line breaks in JSON stand between tokens only. */
                        + response.replace('\n', ' ').replace('\r', ' ')
                        + "}");
    }
}
