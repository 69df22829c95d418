package io.tidemark.projector.internal;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import io.tidemark.projector.internal.Answer.Reason;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * An error answer, after RFC 9457.
 *
 * @param type {@code urn:tidemark:problem:} and the code
 * @param field what of the request is wrong; absent if it is not the request
 * @param allowed what would be right; absent if that goes without saying
 * @param partitions those that cannot be asked about; absent if it is not about several
 * @param tenant whose stream it is about; absent if that is not known, or nobody's
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        @Nullable String field,
        @Nullable String allowed,
        @Nullable List<Integer> partitions,
        @Nullable String tenant) {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /** A problem that does not lie in one field. */
    static Problem of(int status, String code, String title, String detail) {
        return new Problem(
                "urn:tidemark:problem:" + code,
                title,
                status,
                detail,
                code,
                null,
                null,
                null,
                null);
    }

    /** The same, in one field. */
    Problem in(String wrongField, @Nullable String allowedValues) {
        return new Problem(
                type, title, status, detail, code, wrongField, allowedValues, partitions, tenant);
    }

    /** The same, about some partitions. */
    Problem about(Collection<Integer> some) {
        var sorted = some.stream().sorted().toList();
        return new Problem(type, title, status, detail, code, field, allowed, sorted, tenant);
    }

    /** The same, about a stream of a tenant. */
    Problem ofTenant(@Nullable String owner) {
        return new Problem(type, title, status, detail, code, field, allowed, partitions, owner);
    }

    /** Why another instance cannot answer, as its problem says; it stops if that says nothing. */
    static Reason reason(byte[] json) {
        return Reason.of(tree(json).path("code").asText());
    }

    /** The partitions that the problem of another instance is about, of those it was asked for. */
    static Set<Integer> partitions(byte[] json, Set<Integer> asked) {
        var named = new TreeSet<Integer>();
        tree(json).path("partitions").forEach(partition -> named.add(partition.asInt()));
        named.retainAll(asked);
        return named.isEmpty() ? asked : named;
    }

    private static JsonNode tree(byte[] json) {
        try {
            var tree = JSON.readTree(json);
            return tree == null ? MissingNode.getInstance() : tree;
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
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
