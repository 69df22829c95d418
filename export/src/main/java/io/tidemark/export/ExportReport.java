package io.tidemark.export;

import java.util.Map;

/**
 * What an export has done.
 *
 * @param topic full name of the topic
 * @param records records written, exactly
 * @param verdicts how many records of the scope there were of each kind, written or not; kinds
 *     there were none of are absent
 * @param forgotten streams that were forgotten because there were more than may be remembered: what
 *     came of them afterwards counts as {@link Verdict#GAP}
 */
public record ExportReport(
        String topic, long records, Map<Verdict, Long> verdicts, long forgotten) {
    public ExportReport {
        verdicts = Map.copyOf(verdicts);
    }

    /** How many records there were of a kind. */
    public long count(Verdict verdict) {
        return verdicts.getOrDefault(verdict, 0L);
    }
}
