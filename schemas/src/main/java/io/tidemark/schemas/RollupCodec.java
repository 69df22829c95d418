package io.tidemark.schemas;

/** Writes and reads the JSON of rollups. Thread-safe; stateless. */
public final class RollupCodec {
    private RollupCodec() {}

    /** The JSON of a rollup; equal rollups give equal bytes. */
    public static byte[] encode(Rollup rollup) {
        return Json.bytes(Json.RESULTS, rollup);
    }

    /**
     * The rollup these bytes hold.
     *
     * @throws MalformedRecordException if they hold none
     */
    public static Rollup decode(byte[] json) {
        return Json.read(Json.object(Json.RESULTS, json), Rollup.class);
    }
}
