package io.tidemark.recipes;

import io.tidemark.schemas.Decoded;
import io.tidemark.schemas.TidemarkSerdes;
import io.tidemark.schemas.UsageRow;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.TimeWindows;

import java.time.Duration;
import java.util.List;
import java.util.Properties;

/** Adds up tokens per model and minute, and prints each sum when it has changed. */
public final class TokensPerMinute {
    private TokensPerMinute() {}

    public static void main(String[] arguments) {
        var settings = new Properties();
        settings.put("bootstrap.servers", arguments[0]);
        settings.put("application.id", "tokens-per-minute");
        settings.put("processing.guarantee", "exactly_once_v2"); // and so read_committed
        settings.put("auto.offset.reset", "earliest");
        var streams = new KafkaStreams(topology(), settings);
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
        streams.start();
    }

    /** A record's timestamp is that of the stream's end, so a minute has what ended in it. */
    static Topology topology() {
        var builder = new StreamsBuilder();
        builder.stream("tidemark.usage", Consumed.with(Serdes.String(), TidemarkSerdes.usage()))
                .flatMap((_, value) ->
                        value instanceof Decoded.Value(var row) ? tokens(row) : none())
                .groupByKey(Grouped.with(Serdes.String(), Serdes.Long()))
                .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofMinutes(1), Duration.ofDays(1)))
                .reduce(Long::sum)
                .toStream()
                .foreach((model, sum) ->
                        System.out.println(
                                model.window().startTime() + " " + model.key() + " " + sum));
        return builder.build();
    }

    private static List<KeyValue<String, Long>> tokens(UsageRow row) {
        var usage = row.usage();
        return usage == null || usage.input() == null || usage.output() == null
                ? none()
                : List.of(KeyValue.pair(row.model(), usage.input() + usage.output()));
    }

    private static List<KeyValue<String, Long>> none() {
        return List.of();
    }
}
