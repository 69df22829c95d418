package io.tidemark.standalone;

import io.tidemark.projector.ProjectorConfig;
import io.tidemark.schemas.Topics;
import io.tidemark.standalone.settings.Keys;
import io.tidemark.standalone.settings.SettingsLoader;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A projector under test on topics of its own: one instance with one stream thread, in a process of
 * its own. Confined to the thread that measures.
 *
 * @param servers the Kafka it uses
 * @param prefix of its topics
 * @param commitMs time between its transactions
 */
record ProjectorSubject(
        Workbench workbench, String servers, String prefix, int partitions, int commitMs) {
    private static final int COMMITS_OF_SETTLING = 3;

    private List<String> settings() {
        return List.of(
                Keys.BOOTSTRAP_SERVERS.name() + "=" + servers,
                Keys.TOPICS_PREFIX.name() + "=" + prefix,
                Keys.TOPICS_PARTITIONS.name() + "=" + partitions,
                Keys.DATA_DIR.name() + "=" + workbench.data().resolve(prefix),
                Keys.PROJECTOR_PORT.name() + "=0",
                Keys.PROJECTOR_INSTANCE_ID.name() + "=bench",
                Keys.PROJECTOR_COMMIT_INTERVAL.name() + "=" + commitMs + "ms");
    }

    private Topics topics() {
        return new Roles(SettingsLoader.load(null, Map.of(), settings()), servers).topics();
    }

    /** Where it keeps its state. */
    Path state() {
        return workbench.data().resolve(prefix).resolve("projector");
    }

    /** Starts it, for the caller to close; it is ready when this returns. */
    SystemProcess start() throws IOException, InterruptedException {
        return workbench.start("projector", settings());
    }

    /** What writes to its topics, for the caller to close. */
    ProjectorLoad load(LoadWords words, Duration linger) {
        return ProjectorLoad.open(servers, topics(), words, linger);
    }

    /**
     * Waits until it has read the whole log, and deleted what it needs no more: results are read
     * back behind the transaction that wrote them.
     */
    void settle() throws InterruptedException {
        WrittenLog.awaitProjected(servers, topics(), state());
        TimeUnit.MILLISECONDS.sleep((long) COMMITS_OF_SETTLING * commitMs);
    }

    /** What it has written to its changelogs. */
    Changelogs.Bytes changelogs() throws InterruptedException {
        var kafka = Map.of("bootstrap.servers", servers);
        return Changelogs.of(servers, ProjectorConfig.of(kafka, topics(), state()).applicationId());
    }
}
