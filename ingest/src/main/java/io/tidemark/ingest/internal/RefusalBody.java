package io.tidemark.ingest.internal;

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
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * The body of an answer that is no event stream: collected up to a limit, then read for what it
 * says of the reason. Some servers compress it although nobody asked them to.
 */
final class RefusalBody implements UpstreamBody {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int status;
    private final boolean compressed;
    private final @Nullable Duration retryAfter;
    private final int bytesMax;
    private final Normaliser normaliser;
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();

    /**
     * @param retryAfter how long the provider asks to wait
     * @param bytesMax most bytes read, both as they come and unpacked
     */
    RefusalBody(
            int status,
            HttpHeaders headers,
            @Nullable Duration retryAfter,
            int bytesMax,
            Normaliser normaliser) {
        this.status = status;
        this.compressed =
                headers.firstValue("content-encoding")
                        .map(value -> value.toLowerCase(Locale.ROOT).contains("gzip"))
                        .orElse(false);
        this.retryAfter = retryAfter;
        this.bytesMax = bytesMax;
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
        return normaliser.ended() ? List.of() : normaliser.end(failed());
    }

    private Failed failed() {
        var body = body();
        if (status < 300 && (body == null || !body.has("error"))) {
            return Failed.of(
                    ErrorCode.PROTOCOL_ERROR,
                    "The provider answered with something that is no event stream.",
                    false);
        }
        return ProviderFault.refusal(status, body, retryAfter).failed(false, null);
    }

    private @Nullable JsonNode body() {
        try (var plain = plain()) {
            var node = JSON.readTree(plain.readNBytes(bytesMax));
            return node.isMissingNode() ? null : node;
        } catch (IOException e) {
            return null; // not JSON: the status has to speak for itself
        }
    }

    private InputStream plain() throws IOException {
        var bytes = new ByteArrayInputStream(collected.toByteArray());
        return compressed ? new GZIPInputStream(bytes) : bytes;
    }
}
