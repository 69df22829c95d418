package io.tidemark.ingest.internal.google;

import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.output.Pump;
import io.tidemark.ingest.internal.output.StreamRules;
import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.LifecycleBody.Completed;
import io.tidemark.schemas.LifecycleBody.Failed;

import java.util.List;
import java.util.stream.Stream;

/** A stream of Google's that a test plays, chunk by chunk, in single quotes. */
abstract class GenerateStream {
    static final String TEXT = "{'candidates':[{'content':{'parts':[{'text':'Hi'}]}}]}";
    static final String STOP = "{'candidates':[{'finishReason':'STOP'}]}";
    static final String CALL =
            "{'candidates':[{'content':{'parts':[{'functionCall':{'name':'w_get','args':{'a':1}}}]}%s}]}";
    static final String STOPPED = ",'finishReason':'STOP'";
    static final String PIECE = "{'candidates':[{'content':{'parts':[{'functionCall':%s}]}}]}";

    final Pump pump = new Pump(new GenerateApi());

    final Pump say(String... chunks) {
        return say(pump, chunks);
    }

    static Pump say(Pump to, String... chunks) {
        Stream.of(chunks).forEach(chunk -> to.frame(chunk.replace('\'', '"')));
        return to;
    }

    final Completed completed() {
        StreamRules.check(pump.events());
        return (Completed) pump.drafts().getLast().body();
    }

    final Failed failed() {
        StreamRules.check(pump.events());
        return (Failed) pump.drafts().getLast().body();
    }

    final <T extends EventBody> List<T> said(Class<T> type) {
        return pump.drafts().stream()
                .map(Draft::body)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}
