package io.tidemark.projector.internal;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.jspecify.annotations.Nullable;

/**
 * An error answer, after RFC 9457.
 *
 * @param type {@code urn:tidemark:problem:} and the code
 * @param field what of the request is wrong; absent if it is not the request
 * @param allowed what would be right; absent if that goes without saying
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        @Nullable String field,
        @Nullable String allowed) {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /** A problem that does not lie in one field. */
    static Problem of(int status, String code, String title, String detail) {
        return new Problem("urn:tidemark:problem:" + code, title, status, detail, code, null, null);
    }

    /** The same, in one field. */
    Problem in(String wrongField, @Nullable String allowedValues) {
        return new Problem(type, title, status, detail, code, wrongField, allowedValues);
    }

    @JsonIgnore
    byte[] json() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a problem", e);
        }
    }
}
