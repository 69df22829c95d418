package io.tidemark.edge;

import io.tidemark.schemas.StreamId;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import javax.net.ssl.SSLSession;

/** A request to go on as a WebSocket, header by header. */
record Handshake(URI base, String path, Map<String, String> headers) {
    static Handshake of(Client client, StreamId id, String query) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Host", client.base().getAuthority());
        headers.put("Connection", "keep-alive, Upgrade");
        headers.put("Upgrade", "websocket");
        headers.put("Sec-WebSocket-Version", "13");
        headers.put("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        return new Handshake(client.base(), Client.events(id, query), headers);
    }

    Handshake with(String header) {
        var more = new LinkedHashMap<>(headers);
        int colon = header.indexOf(':');
        more.put(header.substring(0, colon), header.substring(colon + 1).strip());
        return new Handshake(base, path, more);
    }

    /** The connection, with the request sent. */
    RawHttp raw() throws IOException {
        var raw = new RawHttp(base);
        var lines =
                headers.entrySet().stream()
                        .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
                        .collect(Collectors.joining());
        raw.send("GET " + path + " HTTP/1.1\r\n" + lines + "\r\n");
        return raw;
    }

    /** The answer of an edge that refuses. */
    HttpResponse<String> answer() throws IOException {
        try (var raw = raw()) {
            var head = raw.readUntil("\r\n\r\n").split("\r\n");
            var fields =
                    Arrays.stream(head)
                            .skip(1)
                            .map(line -> line.split(": ", 2))
                            .collect(Collectors.toMap(line -> line[0], line -> List.of(line[1])));
            var answered = HttpHeaders.of(fields, (_, _) -> true);
            int length = (int) answered.firstValueAsLong("Content-Length").orElse(0);
            int status = Integer.parseInt(head[0].split(" ", 3)[1]);
            return new Answer(base.resolve(path), status, answered, raw.read(length));
        }
    }

    private record Answer(URI uri, int statusCode, HttpHeaders headers, String body)
            implements HttpResponse<String> {
        @Override
        public HttpRequest request() {
            return HttpRequest.newBuilder(uri).build();
        }

        @Override
        public Optional<HttpResponse<String>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public HttpClient.Version version() {
            return HttpClient.Version.HTTP_1_1;
        }
    }
}
