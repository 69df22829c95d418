package io.tidemark.devkit.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A request for an answer as every API means it. Immutable, as long as nobody changes the JSON.
 * Does not show the prompt.
 *
 * @param model what to answer with
 * @param form how the answer is to come
 * @param prompt what the user said last
 * @param outputTokensMax the caller's own limit; {@link Integer#MAX_VALUE} for none
 * @param toolName the first function among the caller's, or empty
 * @param metadata what is asked of the simulator
 * @param json the whole body, for what only its own API means
 */
record ModelRequest(
        String model,
        Form form,
        String prompt,
        int outputTokensMax,
        String toolName,
        Metadata metadata,
        ObjectNode json) {

    /** How an answer comes. */
    enum Form {
        /** In one piece. */
        WHOLE,
        /** As server-sent events. */
        EVENTS,
        /** As a JSON array, element by element. */
        ARRAY
    }

    @Override
    public String toString() {
        return "ModelRequest[model=" + model + ", form=" + form + "]";
    }
}
