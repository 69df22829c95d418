package io.tidemark.ingest.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.LifecycleBody.Failed;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * The body of an answer that is no event stream: collected up to a limit, then read for the whole
 * answer, which a server that does not stream gives, or for what it says of the reason. Some
 * servers compress it although nobody asked them to.
 */
final class RefusalBody implements UpstreamBody {
    /** Longest whole answer, in bytes: as long as the longest event of one that is streamed. */
    static final int ANSWER_BYTES_MAX = SseParser.FRAME_BYTES_MAX;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final int status;
    private final boolean compressed;
    private final @Nullable Duration retryAfter;
    private final int bytesMax;
    private final Normaliser normaliser;
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();

    /**
     * @param retryAfter how long the provider asks to wait
     * @param errorBytesMax most bytes read of an error, both as they come and unpacked; of what may
     *     be a whole answer it is {@link #ANSWER_BYTES_MAX}
     */
    RefusalBody(
            int status,
            HttpHeaders headers,
            @Nullable Duration retryAfter,
            int errorBytesMax,
            Normaliser normaliser) {
        this.status = status;
        this.compressed =
                headers.firstValue("content-encoding")
                        .map(value -> value.toLowerCase(Locale.ROOT).contains("gzip"))
                        .orElse(false);
        this.retryAfter = retryAfter;
        this.bytesMax =
                mayBeAnswer(status, headers)
                        ? Math.max(errorBytesMax, ANSWER_BYTES_MAX)
                        : errorBytesMax;
        this.normaliser = normaliser;
    }

    @Override
    public List<Draft> bytes(ByteBuffer chunk) {
        var piece = new byte[Math.min(chunk.remaining(), bytesMax - collected.size())];
        chunk.get(piece);
        collected.writeBytes(piece);
        return collected.size() < bytesMax ? List.of() : end();
    }

    @Override
    public List<Draft> end() {
        if (normaliser.ended()) {
            return List.of();
        }
        var text = text();
        var whole = status < 300 ? whole(text) : List.<Draft>of();
        return normaliser.ended() ? whole : normaliser.end(failed(text));
    }

    @Override
    public boolean streamed() {
        return false;
    }

    /* Some servers send no content type, or a wrong one; but a page is a page. */
    private static boolean mayBeAnswer(int status, HttpHeaders headers) {
        return status < 300
                && headers.firstValue("content-type")
                        .map(type -> !type.toLowerCase(Locale.ROOT).contains("html"))
                        .orElse(true);
    }

    private List<Draft> whole(String text) {
        return ProviderJson.object(text).map(normaliser::whole).orElse(List.of());
    }

    private Failed failed(String text) {
        var body = json(text);
        if (status < 300 && (body == null || !body.hasNonNull("error"))) {
            return Failed.of(
                    ErrorCode.PROTOCOL_ERROR,
                    "The provider answered with something that is no event stream.",
                    false);
        }
        return ProviderFault.refusal(status, body, retryAfter).failed(false, null);
    }

    private String text() {
        try (var plain = plain()) {
            return new String(plain.readNBytes(bytesMax), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // not packed as announced: the status has to speak for itself
        }
    }

    /* Unlike a whole answer, an error may have something behind it. */
    private static @Nullable JsonNode json(String text) {
        try {
            var node = JSON.readTree(text);
            return node.isMissingNode() ? null : node;
        } catch (JsonProcessingException e) {
            return null; // not JSON: the status has to speak for itself
        }
    }

    private InputStream plain() throws IOException {
        var bytes = new ByteArrayInputStream(collected.toByteArray());
        return compressed ? new GZIPInputStream(bytes) : bytes;
    }
}
