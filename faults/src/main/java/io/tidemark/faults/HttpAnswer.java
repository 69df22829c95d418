package io.tidemark.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * What an edge answered. Immutable.
 *
 * @param retryAfter whether it says when to come back
 */
record HttpAnswer(int status, boolean retryAfter, String body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The body as JSON; missing if it is none. */
    JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** Why there is no answer, in the words of the contract; empty if it does not say. */
    String reason() {
        var problem = json();
        return problem.path("reason").asText(problem.path("code").asText(""));
    }

    @Override
    public String toString() {
        return "HttpAnswer[status=" + status + ", chars=" + body.length() + "]";
    }
}
