package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;

/** Writes JSON as server-sent events (WHATWG HTML, 9.2). Stateless. */
final class ServerSentEvents {

    /** What OpenAI's older APIs end a stream with. */
    static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);

    private ServerSentEvents() {}

    /** An event with a name. */
    static byte[] event(String name, JsonNode data) {
        return ("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /** An event without a name. */
    static byte[] data(JsonNode data) {
        return ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    /** An event without a name, its lines ended as Google ends them. */
    static byte[] dataCrlf(JsonNode data) {
        return ("data: " + data + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    }
}
