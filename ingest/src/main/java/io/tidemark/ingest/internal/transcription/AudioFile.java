package io.tidemark.ingest.internal.transcription;

import com.fasterxml.jackson.databind.JsonNode;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.RequestBody.Part;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * The audio of a request: {@link Usable}, as a part of the form, or {@link Unusable}.
 *
 * <pre>{@code
 * switch (AudioFile.of(request.path("file"))) {
 *     case AudioFile.Usable(var part) -> ...
 *     case AudioFile.Unusable(var field, var message) -> ...
 * }
 * }</pre>
 */
sealed interface AudioFile {
    /** Most audio of one request, in bytes: what the provider takes at most. */
    int BYTES_MAX = 25 * 1024 * 1024;

    /** Longest name of a file, in characters. */
    int FILENAME_CHARS_MAX = 255;

    /** A file that can be sent. */
    record Usable(Part part) implements AudioFile {}

    /**
     * What is no such file.
     *
     * @param field which field of it is wrong, with a dot before it; empty if it is the whole
     * @param message what is wrong with it; quotes no contents
     */
    record Unusable(String field, String message) implements AudioFile {}

    /** The file that the JSON describes. */
    static AudioFile of(JsonNode file) {
        if (!file.isObject()) {
            return new Unusable("", "must be an object with filename and base64");
        }
        var filename = ProviderJson.word(file, "filename");
        if (filename == null || filename.length() > FILENAME_CHARS_MAX) {
            return new Unusable(
                    ".filename", "must be a string of 1 to " + FILENAME_CHARS_MAX + " characters");
        }
        var mimeType = file.path("mimeType");
        boolean typed = mimeType.isTextual() && mimeType.textValue().matches("[!-~]+/[ -~]+");
        if (!typed && !mimeType.isMissingNode() && !mimeType.isNull()) {
            return new Unusable(".mimeType", "must be a media type");
        }
        var type = typed ? mimeType.textValue() : "application/octet-stream";
        return content(filename, type, ProviderJson.word(file, "base64"));
    }

    private static AudioFile content(String filename, String type, @Nullable String base64) {
        if (base64 == null) {
            return new Unusable(".base64", "must be a non-empty string");
        }
        /* Four characters hold three bytes: what is too long is not decoded to find it out. */
        if (base64.length() / 4 > BYTES_MAX / 3 + 1) {
            return tooLong();
        }
        try {
            var bytes = Base64.getDecoder().decode(base64);
            return bytes.length > BYTES_MAX
                    ? tooLong()
                    : new Usable(new Part("file", filename, type, ByteBuffer.wrap(bytes)));
        } catch (IllegalArgumentException _) {
            return new Unusable(".base64", "must be base64");
        }
    }

    private static Unusable tooLong() {
        return new Unusable(".base64", "must hold at most " + BYTES_MAX + " bytes of audio");
    }
}
