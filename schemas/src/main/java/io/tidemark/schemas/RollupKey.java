package io.tidemark.schemas;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;

/**
 * What a rollup is of: the key of {@code tidemark.rollups} (section 8.6 of the protocol).
 * Immutable.
 *
 * @param minute its beginning, epoch milliseconds
 * @param tenant absent for nobody's
 */
public record RollupKey(long minute, @Nullable String tenant, String provider, String model) {
    /** Stands for what is not told apart. No tenant has this name. */
    public static final String OTHER = "(other)";

    /** Longest tenant, provider or model that is told apart, in characters. */
    public static final int CHARS_MAX = 256;

    /** Length of a minute, in milliseconds. */
    public static final long MINUTE_MS = 60_000;

    public RollupKey {
        requireNonNull(provider, "provider");
        requireNonNull(model, "model");
        if (minute != minuteOf(minute)) {
            throw new FieldException("minute", "must begin a minute, was " + minute);
        }
        tenant = tenant == null ? null : bounded(tenant);
        provider = bounded(provider);
        model = bounded(model);
    }

    /**
     * The rollup that a ledger row counts in, as far as nothing has to be left untold.
     *
     * @param at timestamp of the row's record, epoch milliseconds
     */
    public static RollupKey of(UsageRow row, long at) {
        return new RollupKey(minuteOf(at), row.tenant(), row.provider(), row.model());
    }

    /** The beginning of the minute that a time lies in. */
    public static long minuteOf(long at) {
        return at - Math.floorMod(at, MINUTE_MS);
    }

    private static String bounded(String name) {
        return name.length() <= CHARS_MAX ? name : OTHER;
    }

    /** The same with any model. */
    public RollupKey ofAnyModel() {
        return new RollupKey(minute, tenant, provider, OTHER);
    }

    /** The same with anybody's tenant, and any provider and model. */
    public RollupKey ofAnything() {
        return new RollupKey(minute, OTHER, OTHER, OTHER);
    }

    /**
     * The key of a record: equal keys have equal bytes, and those of earlier minutes sort first.
     */
    public byte[] encode() {
        var fields = new ArrayList<@Nullable String>();
        fields.add(spelled(minute));
        fields.add(tenant);
        fields.add(provider);
        fields.add(model);
        return Json.bytes(fields);
    }

    /** What sorts before all keys of a minute and behind all of the minutes before it. */
    public static byte[] firstOf(long minute) {
        return ("[\"" + spelled(minute) + "\"").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /* Times that no log has would not sort, and need not. */
    private static String spelled(long minute) {
        return Instant.ofEpochMilli(minute).truncatedTo(ChronoUnit.MINUTES).toString();
    }
}
