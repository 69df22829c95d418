package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.schemas.Command;

/**
 * What a caller asks for: a provider's native body, or the form that is translated to whatever the
 * provider speaks. Immutable.
 *
 * @param neutral whether it has to be translated
 * @param body as the caller sent it; holds prompts
 */
record Asked(boolean neutral, ObjectNode body) {
    Asked {
        requireNonNull(body, "body");
    }

    static Asked of(Command.Start start) {
        return new Asked(start.api().equals(Command.Start.NEUTRAL), start.request());
    }

    /** What there is to send to one provider. */
    Preparation preparation(Candidate candidate) {
        if (!neutral) {
            return candidate.api().prepare(called(candidate));
        }
        return switch (NeutralRequest.read(called(candidate))) {
            case NeutralRequest.Unreadable(var field, var message) ->
                    new Preparation.Refused(field, message);
            case NeutralRequest.Read(var request) ->
                    candidate.api().prepare(candidate.api().translate(request));
        };
    }

    private ObjectNode called(Candidate candidate) {
        return candidate.model() == null ? body : body.deepCopy().put("model", candidate.model());
    }

    /** Sizes only. */
    @Override
    public String toString() {
        return "Asked[neutral=" + neutral + ", fields=" + body.size() + "]";
    }
}
