package io.tidemark.faults;

import static java.util.stream.Collectors.joining;

import io.tidemark.faults.KnownStream.Horizon;
import io.tidemark.schemas.MalformedRecordException;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.Response.Status;
import io.tidemark.schemas.ResponseCodec;

import java.nio.charset.StandardCharsets;

/** Judges what {@code GET /v1/streams/{id}} answers. Stateless. */
final class ResponseJudge {
    static final Verdict FINAL = new Verdict.Right("200 final");
    static final Verdict PARTIAL = new Verdict.Right("200 partial");
    static final Verdict ACCEPTED = new Verdict.Right("202");

    private static final String TEXT = "text";

    private ResponseJudge() {}

    /**
     * Judges one answer, and notes what it says about the end.
     *
     * @param before what was known when it was asked for
     */
    static Verdict of(KnownStream stream, Horizon before, HttpAnswer answer) {
        return switch (answer.status()) {
            case 200 -> found(stream, before, answer.body().getBytes(StandardCharsets.UTF_8));
            case 202 ->
                    before.inLog()
                            ? new Verdict.Wrong("has no event yet, and its client has seen some")
                            : ACCEPTED;
            default -> Verdict.otherwise(answer);
        };
    }

    private static Verdict found(KnownStream stream, Horizon before, byte[] body) {
        try {
            var response = ResponseCodec.decode(body);
            var wrong = wrong(stream, before, response);
            if (!wrong.isEmpty()) {
                return new Verdict.Wrong(wrong);
            }
            if (response.status() == Status.IN_PROGRESS) {
                return PARTIAL;
            }
            stream.toldFinal(Digest.sha256(body));
            return FINAL;
        } catch (MalformedRecordException e) {
            return new Verdict.Wrong("is no response: " + e.getMessage());
        }
    }

    private static String wrong(KnownStream stream, Horizon before, Response response) {
        if (!response.requestId().equals(stream.id())) {
            return "is the response of " + response.requestId();
        }
        if (response.lastSequence() < before.sequence()) {
            return "holds sequence %d, and %d was seen before it was asked for"
                    .formatted(response.lastSequence(), before.sequence());
        }
        if (before.ended() && response.status() == Status.IN_PROGRESS) {
            return "is in progress, and its end was seen before it was asked for";
        }
        return wrongText(stream, response);
    }

    private static String wrongText(KnownStream stream, Response response) {
        var text = text(response);
        if (!stream.text().startsWith(text)) {
            return "has %d characters of text that are not the first of what the provider said"
                    .formatted(text.length());
        }
        if (response.status() == Status.COMPLETED && !stream.text().equals(text)) {
            return "is complete with %d characters of text out of %d"
                    .formatted(text.length(), stream.text().length());
        }
        return "";
    }

    private static String text(Response response) {
        return response.items().stream()
                .flatMap(item -> item.content().stream())
                .filter(part -> part.type().equals(TEXT) && part.text() != null)
                .map(Response.Part::text)
                .collect(joining());
    }
}
