package io.tidemark.projector.internal;

import static java.util.stream.Collectors.joining;

import io.tidemark.schemas.Response;
import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a question for a list asks for ({@code docs/protocol.md}, section 8.7).
 *
 * @param limit most entries
 * @param partitions those that are meant; empty for all
 */
record ListParameters(StreamFilter filter, int limit, Set<Integer> partitions) {
    private static final String TENANT = "tenant";
    private static final String STATUS = "status";
    private static final String MODEL = "model";
    private static final String PROVIDER = "provider";
    private static final String SINCE = "since";
    private static final String UNTIL = "until";
    private static final String BEFORE = "before";
    private static final String LIMIT = "limit";
    private static final String PARTITIONS = "partitions";
    private static final List<String> NAMES =
            List.of(TENANT, STATUS, MODEL, PROVIDER, SINCE, UNTIL, BEFORE, LIMIT, PARTITIONS);

    ListParameters {
        partitions = Set.copyOf(partitions);
    }

    /**
     * Reads a query.
     *
     * @param rawQuery what follows the question mark; null for nothing
     * @throws BadQueryException if something of it cannot be
     */
    static ListParameters of(@Nullable String rawQuery) {
        var given = RawQuery.of(rawQuery, NAMES);
        var filter =
                new StreamFilter(
                        given.text(TENANT).orElse(null),
                        statuses(given),
                        given.text(MODEL).map(Wildcard::new).orElse(null),
                        given.text(PROVIDER).orElse(null),
                        given.number(SINCE, 0, StreamFilter.UNTIL_MAX, 0),
                        given.number(UNTIL, 0, StreamFilter.UNTIL_MAX, StreamFilter.UNTIL_MAX),
                        before(given));
        long limit = given.number(LIMIT, 1, StreamPage.LIMIT_MAX, StreamPage.LIMIT_DEFAULT);
        return new ListParameters(filter, (int) limit, partitions(given));
    }

    private static Set<Response.Status> statuses(RawQuery given) {
        var statuses = EnumSet.noneOf(Response.Status.class);
        given.text(STATUS)
                .ifPresent(text ->
                        Arrays.stream(text.split(",", -1))
                                .map(ListParameters::status)
                                .forEach(statuses::add));
        return statuses;
    }

    private static Response.Status status(String text) {
        return Arrays.stream(Response.Status.values())
                .filter(status -> status.wire().equals(text))
                .findFirst()
                .orElseThrow(() -> new BadQueryException(STATUS, "not a status", allStatuses()));
    }

    private static String allStatuses() {
        return Arrays.stream(Response.Status.values())
                .map(Response.Status::wire)
                .collect(joining(", "));
    }

    private static @Nullable StreamId before(RawQuery given) {
        try {
            return given.text(BEFORE).map(StreamId::parse).orElse(null);
        } catch (IllegalArgumentException e) {
            throw new BadQueryException(BEFORE, String.valueOf(e.getMessage()), null);
        }
    }

    private static Set<Integer> partitions(RawQuery given) {
        var partitions = new TreeSet<Integer>();
        for (var text :
                given.text(PARTITIONS).map(all -> all.split(",", -1)).orElse(new String[0])) {
            if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > StreamId.PARTITION_MAX) {
                throw new BadQueryException(
                        PARTITIONS, "not a partition", "0 to " + StreamId.PARTITION_MAX);
            }
            partitions.add(Integer.parseInt(text));
        }
        return partitions;
    }

    /** The path and query that ask for the same in some partitions. */
    String resource(Set<Integer> some) {
        var query = new ArrayList<String>();
        add(query, TENANT, filter.tenant());
        if (!filter.statuses().isEmpty()) {
            add(
                    query,
                    STATUS,
                    filter.statuses().stream().map(Response.Status::wire).collect(joining(",")));
        }
        add(query, MODEL, filter.model() == null ? null : filter.model().pattern());
        add(query, PROVIDER, filter.provider());
        add(query, SINCE, filter.since());
        add(query, UNTIL, filter.until());
        add(query, BEFORE, filter.before());
        add(query, LIMIT, limit);
        add(query, PARTITIONS, some.stream().sorted().map(String::valueOf).collect(joining(",")));
        return "/v1/streams?" + String.join("&", query);
    }

    private static void add(List<String> query, String name, @Nullable Object value) {
        if (value != null) {
            query.add(name + "=" + URLEncoder.encode(value.toString(), StandardCharsets.UTF_8));
        }
    }
}
