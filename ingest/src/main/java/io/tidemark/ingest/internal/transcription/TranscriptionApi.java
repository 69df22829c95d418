package io.tidemark.ingest.internal.transcription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NeutralRequest;
import io.tidemark.ingest.internal.Normaliser;
import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.Preparation;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.Preparation.Refused;
import io.tidemark.ingest.internal.ProviderApi;
import io.tidemark.ingest.internal.RequestBody.Multipart;
import io.tidemark.ingest.internal.RequestBody.Part;
import io.tidemark.ingest.internal.RequestPath;
import io.tidemark.ingest.internal.RequestRules;
import io.tidemark.ingest.internal.RequestRules.Rule;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Set;

/**
 * OpenAI's transcriptions, as spoken by OpenAI and the servers compatible with it. The provider
 * takes a form with the audio as a file; callers send JSON, in which {@code file} is {@code
 * {"filename", "mimeType"?, "base64"}} and every other field is one of the form. Immutable.
 */
public final class TranscriptionApi implements ProviderApi {
    /** The name of this dialect. */
    public static final String NAME = "openai.transcriptions";

    private static final RequestPath PATH = RequestPath.of("/audio/transcriptions");
    private static final String FILE = "file";

    /* Formats of subtitles: no server streams them, and none of our events could hold one. */
    private static final Set<String> UNREADABLE_FORMATS = Set.of("srt", "vtt");

    private static final RequestRules RULES =
            RequestRules.of(
                    new Rule(
                            "response_format",
                            format -> !UNREADABLE_FORMATS.contains(format.asText()),
                            "must be one whose answer is text or JSON"));

    @Override
    public String name() {
        return NAME;
    }

    /** Makes a form of the request, with {@code stream} in it. */
    @Override
    public Preparation prepare(@Nullable JsonNode request) {
        return RULES.prepare(
                request,
                (model, fields) ->
                        switch (AudioFile.of(fields.path(FILE))) {
                            case AudioFile.Unusable(var field, var message) ->
                                    new Refused("request.file" + field, message);
                            case AudioFile.Usable(var file) -> form(model, fields, file);
                        });
    }

    private static Preparation form(String model, ObjectNode fields, Part file) {
        fields.remove(FILE);
        fields.put("stream", true);
        var parts = new ArrayList<>(FormFields.of(fields));
        if (parts.size() > FormFields.FIELDS_MAX) {
            return new Refused(
                    "request", "must have at most " + FormFields.FIELDS_MAX + " fields of a form");
        }
        parts.add(file);
        return new Prepared(PATH, model, Multipart.of(fields, parts));
    }

    /** No conversation is a recording to write down; no kind of provider has this dialect first. */
    @Override
    public ObjectNode translate(NeutralRequest request) {
        throw new IllegalStateException("a conversation cannot be transcribed");
    }

    @Override
    public Normaliser normaliser(NormaliserContext context) {
        return TranscriptionDialect.normaliser(context);
    }
}
