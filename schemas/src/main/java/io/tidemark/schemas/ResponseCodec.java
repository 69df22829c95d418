package io.tidemark.schemas;

/** Writes and reads the JSON of folded responses and ledger rows. Thread-safe; stateless. */
public final class ResponseCodec {
    private ResponseCodec() {}

    /** The JSON of a response; equal responses give equal bytes. */
    public static byte[] encode(Response response) {
        return Json.bytes(Json.RESULTS, response);
    }

    /**
     * The response these bytes hold.
     *
     * @throws MalformedRecordException if they hold none
     */
    public static Response decode(byte[] json) {
        return Json.read(Json.object(Json.RESULTS, json), Response.class);
    }

    /** The JSON of a ledger row; equal rows give equal bytes. */
    public static byte[] encode(UsageRow row) {
        return Json.bytes(Json.RESULTS, row);
    }

    /**
     * The ledger row these bytes hold.
     *
     * @throws MalformedRecordException if they hold none
     */
    public static UsageRow decodeUsage(byte[] json) {
        return Json.read(Json.object(Json.RESULTS, json), UsageRow.class);
    }
}
