package io.tidemark.export;

import io.tidemark.export.internal.EventColumns;
import io.tidemark.export.internal.EventJudge;
import io.tidemark.export.internal.Judge;
import io.tidemark.export.internal.ResponseColumns;
import io.tidemark.export.internal.ResultJudge;
import io.tidemark.export.internal.RollupColumns;
import io.tidemark.export.internal.UsageColumns;
import io.tidemark.schemas.Topic;
import io.tidemark.schemas.Topics;
import io.tidemark.schemas.WireName;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The topics that can be exported. A row says which topic it is, how its records are judged,
 * whether a key stands for one thing of which the last record counts, and what its columns are.
 */
@SuppressWarnings("ImmutableEnumChecker") // functions without state, and a list of records of such
public enum ExportTopic implements WireName {
    EVENTS(Topics::events, EventJudge::new, false, EventColumns.ALL),
    RESPONSES(Topics::responses, _ -> ResultJudge.ofStreams(), true, ResponseColumns.ALL),
    USAGE(Topics::usage, _ -> ResultJudge.ofStreams(), true, UsageColumns.ALL),
    ROLLUPS(Topics::rollups, _ -> ResultJudge.ofAnyKey(), true, RollupColumns.ALL);

    private final Function<Topics, Topic> topic;
    private final IntFunction<Judge> judge;
    private final boolean onePerKey;
    private final List<Column> columns;

    ExportTopic(
            Function<Topics, Topic> topic,
            IntFunction<Judge> judge,
            boolean onePerKey,
            List<Column> columns) {
        this.topic = topic;
        this.judge = judge;
        this.onePerKey = onePerKey;
        this.columns = columns;
    }

    /** The topic of an installation. */
    public Topic of(Topics topics) {
        return topic.apply(topics);
    }

    /** Whether a key stands for one thing, of which the last record is the one that counts. */
    public boolean onePerKey() {
        return onePerKey;
    }

    /** The columns of its Parquet files, in order. */
    public List<Column> columns() {
        return columns;
    }

    /** Whether its keys are the ids of streams. */
    public boolean ofStreams() {
        return this != ROLLUPS;
    }

    Judge judge(int keysMax) {
        return judge.apply(keysMax);
    }
}
