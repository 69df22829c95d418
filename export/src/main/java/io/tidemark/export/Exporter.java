package io.tidemark.export;

import io.tidemark.export.internal.CommittedLog;
import io.tidemark.export.internal.LatestOffsets;
import io.tidemark.export.internal.Openings;
import io.tidemark.export.internal.Output;
import io.tidemark.export.internal.Reckoning;
import io.tidemark.export.internal.RowSink;
import io.tidemark.export.internal.Selector;
import io.tidemark.schemas.MalformedRecordException;

import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

import java.io.IOException;

/**
 * Runs an export: reads what a topic held when it began, committed records only, and writes what is
 * to be kept of it. One partition is read after the other, each in the order of its offsets, since
 * nothing of a stream is on another one; that bounds what has to be remembered. Confined to the
 * calling thread, which may be interrupted.
 */
public final class Exporter {
    private final ExportConfig config;
    private final CommittedLog log;
    private final Openings openings;
    private final RowSink sink;
    private final Reckoning reckoning;

    private Exporter(
            ExportConfig config,
            CommittedLog log,
            Openings openings,
            RowSink sink,
            Reckoning reckoning) {
        this.config = config;
        this.log = log;
        this.openings = openings;
        this.sink = sink;
        this.reckoning = reckoning;
    }

    /**
     * Runs an export, which takes as long as reading the topic does.
     *
     * @throws ExportFailedException if the topic cannot be read, the destination not be written, or
     *     the thread was interrupted, which it then still is; a file is not there then
     */
    public static ExportReport run(
            ExportConfig config, Destination destination, Progress progress) {
        return exported(counting(config), destination, progress);
    }

    private static ExportConfig counting(ExportConfig config) {
        var topic = config.topic().of(config.topics()).name();
        try {
            return config.counting();
        } catch (InterruptException e) {
            throw failed(topic, "it was interrupted", e);
        } catch (KafkaException | MalformedRecordException e) {
            throw failed(topic, "it cannot be told which results count: " + e.getMessage(), e);
        }
    }

    private static ExportReport exported(
            ExportConfig config, Destination destination, Progress progress) {
        var topic = config.topic().of(config.topics()).name();
        try (var output = Output.to(destination);
                var log = CommittedLog.open(config.kafka(), topic);
                var openings = Openings.of(config)) {
            var ranges = log.ranges(config.scope());
            var reckoning = new Reckoning(topic, progress, ranges);
            var sink = RowSink.of(config, output.stream());
            var exporter = new Exporter(config, log, openings, sink, reckoning);
            for (var range : ranges) {
                exporter.export(range);
            }
            sink.complete();
            output.complete();
            return reckoning.report();
        } catch (InterruptException e) {
            throw failed(topic, "it was interrupted", e);
        } catch (InvalidOffsetException e) {
            throw failed(
                    topic,
                    "retention removed records while they were read; a later --since reads fewer",
                    e);
        } catch (KafkaException e) {
            throw failed(topic, "it cannot be read: " + e.getMessage(), e);
        } catch (IOException e) {
            throw failed(topic, "it cannot be written: " + e.getMessage(), e);
        }
    }

    private static ExportFailedException failed(String topic, String problem, Exception cause) {
        return new ExportFailedException("export of " + topic + " failed: " + problem, cause);
    }

    private void export(CommittedLog.Range range) throws IOException {
        var selector = selector(range);
        log.read(
                range,
                record -> {
                    var selected = selector.select(openings.open(record));
                    if (selected != null) {
                        boolean written = keeps(selected.verdict());
                        if (written) {
                            sink.write(selected);
                        }
                        reckoning.count(selected.verdict(), written);
                    }
                    return true;
                },
                reckoning::moved);
        reckoning.forgotten(selector.forgotten());
    }

    private boolean keeps(Verdict verdict) {
        return config.keep() == Keep.RAW || verdict.kept();
    }

    private Selector selector(CommittedLog.Range range) throws IOException {
        int keysMax = config.limits().keysMax();
        var latest =
                config.keep() == Keep.LATEST
                        ? LatestOffsets.find(log, range, keysMax)
                        : LatestOffsets.ANY;
        return new Selector(
                config.scope(), config.topic().judge(keysMax), latest, config.keep() == Keep.RAW);
    }
}
