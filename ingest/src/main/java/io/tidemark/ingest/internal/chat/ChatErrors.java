package io.tidemark.ingest.internal.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.ProviderError;
import io.tidemark.ingest.internal.ProviderJson;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** Finds the errors that servers put into their streams, whichever way they do. */
final class ChatErrors {
    private static final String ERROR = "error";

    private ChatErrors() {}

    /**
     * The error that an object reports: in {@code error}, in one of its choices, by its name, or by
     * being nothing but an error's body.
     *
     * @param event the name of the event it came in
     * @return absent if it reports none
     */
    static @Nullable ProviderError of(ChatFrame frame, @Nullable String event) {
        var json = frame.json();
        if (stated(json.path(ERROR))) {
            return ProviderError.of(json);
        }
        for (var choice : json.path("choices")) {
            if (stated(choice.path(ERROR))) {
                return ProviderError.of(choice);
            }
        }
        boolean named = ERROR.equals(event) || ERROR.equals(ProviderJson.word(json, "object"));
        return !frame.partOfAnswer() && (named || bare(json)) ? ProviderError.of(json) : null;
    }

    /* A null there is no error, nor is what is empty. */
    private static boolean stated(JsonNode error) {
        return (error.isObject() || error.isTextual()) && !ChatFrame.saysNothing(error);
    }

    /* The body of an HTTP error, without anything around it. */
    private static boolean bare(ObjectNode json) {
        boolean worded = json.hasNonNull("detail") || ProviderJson.word(json, "message") != null;
        var type = ProviderJson.word(json, "type");
        boolean error = type != null && type.toLowerCase(Locale.ROOT).contains(ERROR);
        return error || (worded && type == null && !json.hasNonNull("object"));
    }
}
