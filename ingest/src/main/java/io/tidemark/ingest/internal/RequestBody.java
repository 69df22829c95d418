package io.tidemark.ingest.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What is sent to a provider: {@link Json}, or {@link Multipart} where it takes a form with files.
 * Immutable.
 *
 * <pre>{@code
 * switch (body) {
 *     case RequestBody.Json(var json) -> ...
 *     case RequestBody.Multipart(var json, var parts, var boundary) -> ...
 * }
 * }</pre>
 */
public sealed interface RequestBody {
    /** What it is sent as. */
    String contentType();

    /** The bytes that are sent; made anew for each call. */
    byte[] bytes();

    /** What the reader of the answer may look at: the fields of the request, without its files. */
    ObjectNode json();

    /** A JSON object. */
    record Json(ObjectNode json) implements RequestBody {
        private static final ObjectMapper MAPPER = new ObjectMapper();

        public Json {
            requireNonNull(json, "json");
        }

        @Override
        public String contentType() {
            return "application/json";
        }

        @Override
        public byte[] bytes() {
            try {
                return MAPPER.writeValueAsBytes(json);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("cannot write a request that was read as JSON", e);
            }
        }

        @Override
        public String toString() {
            return "Json[fields=" + json.size() + "]";
        }
    }

    /**
     * A form with files (RFC 7578).
     *
     * @param parts in the order in which they are sent
     * @param boundary what separates them; must not occur in any of them
     */
    record Multipart(ObjectNode json, List<Part> parts, String boundary) implements RequestBody {
        private static final String BOUNDARY_START = "tidemark-";

        public Multipart {
            requireNonNull(json, "json");
            parts = List.copyOf(parts);
            if (!boundary.matches("[A-Za-z0-9-]{1,70}")) {
                throw new IllegalArgumentException("boundary must be 1 to 70 letters or digits");
            }
        }

        /** A form with a boundary that is found from its contents and does not occur in them. */
        public static Multipart of(ObjectNode json, List<Part> parts) {
            var digest = new LaneDigest();
            parts.forEach(part -> digest.add(part.bytes()));
            var boundary = BOUNDARY_START + digest.sha256().substring(0, 32);
            while (occurs(boundary, parts)) {
                digest.add(boundary);
                boundary = BOUNDARY_START + digest.sha256().substring(0, 32);
            }
            return new Multipart(json, parts, boundary);
        }

        private static boolean occurs(String boundary, List<Part> parts) {
            var sought = boundary.getBytes(UTF_8);
            return parts.stream().anyMatch(part -> occurs(sought, part.bytes()));
        }

        private static boolean occurs(byte[] sought, byte[] bytes) {
            for (int from = 0; from <= bytes.length - sought.length; from++) {
                int same = 0;
                while (same < sought.length && bytes[from + same] == sought[same]) {
                    same++;
                }
                if (same == sought.length) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String contentType() {
            return "multipart/form-data; boundary=" + boundary;
        }

        @Override
        public byte[] bytes() {
            var bytes = new ByteArrayOutputStream();
            for (var part : parts) {
                bytes.writeBytes(("--" + boundary + "\r\n" + part.head() + "\r\n").getBytes(UTF_8));
                bytes.writeBytes(part.bytes());
                bytes.writeBytes("\r\n".getBytes(UTF_8));
            }
            bytes.writeBytes(("--" + boundary + "--\r\n").getBytes(UTF_8));
            return bytes.toByteArray();
        }

        @Override
        public String toString() {
            return "Multipart[parts=" + parts.size() + "]";
        }
    }

    /**
     * One field of a form.
     *
     * @param filename absent where it is no file
     * @param contentType absent where it is plain text
     * @param content read-only; whoever reads it leaves its position alone
     */
    record Part(
            String name,
            @Nullable String filename,
            @Nullable String contentType,
            ByteBuffer content) {
        public Part {
            requireNonNull(name, "name");
            if (contentType != null && !contentType.matches("[!-~][ -~]*")) {
                throw new IllegalArgumentException("contentType must be printable ASCII");
            }
            content = content.asReadOnlyBuffer();
        }

        /** A field of text. */
        public static Part text(String name, String value) {
            return new Part(name, null, null, UTF_8.encode(value));
        }

        byte[] bytes() {
            var bytes = new byte[content.remaining()];
            content.get(content.position(), bytes);
            return bytes;
        }

        String head() {
            var head =
                    new StringBuilder("Content-Disposition: form-data; name=").append(quoted(name));
            if (filename != null) {
                head.append("; filename=").append(quoted(filename));
            }
            head.append("\r\n");
            if (contentType != null) {
                head.append("Content-Type: ").append(contentType).append("\r\n");
            }
            return head.toString();
        }

        /* As browsers have it (WHATWG HTML, "multipart form data"): nothing can end the quotes. */
        private static String quoted(String value) {
            var safe = value.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
            return '"' + safe + '"';
        }

        @Override
        public String toString() {
            return "Part[name=" + name + ", bytes=" + content.remaining() + "]";
        }
    }
}
