package io.tidemark.edge.internal.http;

import static java.util.stream.Collectors.joining;

import io.tidemark.schemas.Response;
import io.tidemark.schemas.StreamId;
import io.tidemark.schemas.WireName;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a request for a list asks for ({@code docs/protocol.md}, section 11.11). Immutable.
 *
 * @param filters what selects streams, by the name of the parameter
 * @param limit most entries of the page
 * @param before the id that the page goes on behind; null for the first page
 */
record ListRequest(Map<String, String> filters, int limit, @Nullable StreamId before) {
    private static final String STATUS = "status";
    private static final String MODEL = "model";
    private static final String PROVIDER = "provider";
    private static final String SINCE = "since";
    private static final String UNTIL = "until";
    private static final String LIMIT = "limit";
    private static final String CURSOR = "cursor";
    private static final List<String> NAMES =
            List.of(STATUS, MODEL, PROVIDER, SINCE, UNTIL, LIMIT, CURSOR);
    private static final List<String> STATUSES =
            Arrays.stream(Response.Status.values()).map(WireName::wire).toList();

    private static final int NAME_CHARS_MAX = 256;
    private static final int LIMIT_MAX = 200;
    private static final int LIMIT_DEFAULT = 50;

    /* An id has 48 bits for its time. */
    private static final long TIME_MAX = 1L << 48;

    ListRequest {
        filters = Map.copyOf(filters);
    }

    /**
     * Reads the query of a request.
     *
     * @throws ProblemException if a part of it cannot be used
     */
    static ListRequest of(Call call) {
        requireKnown(call);
        var filters = new LinkedHashMap<String, String>();
        call.parameter(STATUS).map(ListRequest::statuses).ifPresent(it -> filters.put(STATUS, it));
        for (var name : List.of(MODEL, PROVIDER)) {
            call.parameter(name).map(it -> named(name, it)).ifPresent(it -> filters.put(name, it));
        }
        for (var name : List.of(SINCE, UNTIL)) {
            call.number(name, TIME_MAX).ifPresent(it -> filters.put(name, Long.toString(it)));
        }
        int limit = (int) call.number(LIMIT, 1, LIMIT_MAX).orElse(LIMIT_DEFAULT);
        var unplaced = new ListRequest(filters, limit, null);
        return call.parameter(CURSOR)
                .map(text -> unplaced.behind(Cursor.read(text, unplaced.kind(call))))
                .orElse(unplaced);
    }

    private static void requireKnown(Call call) {
        if (!NAMES.containsAll(call.exchange().getQueryParameters().keySet())) {
            throw new ProblemException(
                    Problem.invalid("query", "the query has a parameter that a list does not have")
                            .allowing(NAMES));
        }
    }

    /* In one order and each once, so that a cursor does not depend on how they were written. */
    private static String statuses(String text) {
        var found = new TreeSet<>(Arrays.asList(text.split(",", -1)));
        if (!STATUSES.containsAll(found)) {
            throw new ProblemException(
                    Problem.invalid(
                                    STATUS,
                                    "status must be one or more of those allowed, with commas"
                                            + " between; one is not")
                            .allowing(STATUSES));
        }
        return String.join(",", found);
    }

    private static String named(String parameter, String text) {
        if (text.isEmpty() || text.length() > NAME_CHARS_MAX) {
            throw new ProblemException(
                    Problem.invalid(
                            parameter,
                            "%s must have 1 to %d characters, found %d"
                                    .formatted(parameter, NAME_CHARS_MAX, text.length())));
        }
        return text;
    }

    private ListRequest behind(StreamId id) {
        return new ListRequest(filters, limit, id);
    }

    /** What a cursor belongs to: a caller's list with these filters. */
    String kind(Call call) {
        var kind = new TreeMap<>(filters);
        var tenant = call.caller().tenant();
        if (tenant != null) {
            kind.put("tenant", tenant);
        }
        return query(kind);
    }

    /** The query that asks a projector for the page. */
    String query(@Nullable String tenant) {
        var asked = new LinkedHashMap<>(filters);
        asked.put(LIMIT, Integer.toString(limit));
        if (tenant != null) {
            asked.put("tenant", tenant);
        }
        if (before != null) {
            asked.put("before", before.toString());
        }
        return query(asked);
    }

    private static String query(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(it ->
                        it.getKey()
                                + "="
                                + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
                .collect(joining("&"));
    }
}
