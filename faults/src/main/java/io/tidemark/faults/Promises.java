package io.tidemark.faults;

import io.tidemark.faults.Faults.Happened;
import io.tidemark.schemas.ItemBody.ContentCompleted;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What one client was promised, compared with what it holds and how its stream ended. */
final class Promises {
    private static final String ABORTED = "failed: aborted";

    private Promises() {}

    /**
     * What was not kept; empty if everything was.
     *
     * @param client one that has a stream
     * @param stream what the log has of it; absent if it has nothing
     * @param faults in order of time
     */
    static List<String> broken(Held client, @Nullable LoggedStream stream, List<Happened> faults) {
        var broken = new ArrayList<String>(client.broken());
        if (!client.ended()) {
            broken.add(
                    "gave up after %d events and %d connections"
                            .formatted(client.events().size(), client.connections()));
        } else if (stream == null || !client.events().equals(stream.events())) {
            broken.add("does not hold what the log has");
        }
        if (stream != null && stream.end() != null) {
            addAboutEnd(broken, client, stream, stream.end(), faults);
        }
        return broken.stream().map(it -> "client of " + client.requestId() + ": " + it).toList();
    }

    private static void addAboutEnd(
            List<String> broken,
            Held client,
            LoggedStream stream,
            String end,
            List<Happened> faults) {
        var cancelledAt = client.cancelledAt();
        if (cancelledAt != null && !end.equals(LoggedStream.CANCELLED)) {
            var endedAt = Instant.ofEpochMilli(stream.endedAt().orElseThrow());
            if (endedAt.isAfter(heeded(cancelledAt, faults))) {
                broken.add(
                        "cancelled at %s, and the stream ended at %s: %s"
                                .formatted(cancelledAt, endedAt, end));
            }
        }
        if (end.equals(LoggedStream.DISCONNECTED) && stayed(client)) {
            broken.add(
                    "the stream ended for want of readers, and it was away for " + client.absent());
        }
        if (end.equals(ABORTED) && client.shape().background() && stream.named()) {
            broken.add("the stream was aborted, and the provider went on with it");
        }
        if (end.equals(LoggedStream.COMPLETE) && !whole(client.shape(), stream.texts())) {
            broken.add("the text is not what the provider said");
        }
    }

    /* Whoever was hit meanwhile, somebody else may have had to take its streams over first. */
    private static Instant heeded(Instant cancelledAt, List<Happened> faults) {
        var by = cancelledAt.plus(Recoveries.LONGEST);
        for (var fault : faults) {
            var recovered = fault.to().plus(Recoveries.LONGEST);
            if (Recoveries.writesOrKeeps(fault.fault().target().role())
                    && fault.from().isBefore(by)
                    && recovered.isAfter(by)) {
                by = recovered;
            }
        }
        return by;
    }

    private static boolean stayed(Held client) {
        return !client.shape().forReaders()
                || client.absent().compareTo(StreamShape.DISCONNECT_GRACE) < 0;
    }

    private static boolean whole(StreamShape shape, List<ContentCompleted> texts) {
        var said = shape.text().getBytes(StandardCharsets.UTF_8);
        return texts.size() == 1
                && texts.getFirst().bytes() == said.length
                && Digest.sha256(said).equals(texts.getFirst().sha256());
    }
}
