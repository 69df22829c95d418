package io.tidemark.ingest.internal.output;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.ResponseLimits;
import io.tidemark.ingest.internal.Draft;
import io.tidemark.ingest.internal.Normaliser;
import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.ProviderApi;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.SignalParser;
import io.tidemark.ingest.internal.SseFrame;
import io.tidemark.ingest.internal.SseParser;
import io.tidemark.ingest.internal.SseSignal;
import io.tidemark.schemas.LifecycleBody.Scope;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.Response;
import io.tidemark.schemas.ResponseFold;
import io.tidemark.schemas.StreamEvent;
import io.tidemark.schemas.StreamId;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Stands in for the worker: drives a normaliser and numbers what it says. */
public final class Pump {
    public static final StreamId ID = StreamId.parse("0".repeat(26));
    public static final long AT = 1_795_185_600_000L;

    private final SignalParser parser;
    private final ProviderApi api;
    private final Normaliser normaliser;
    private final List<Draft> drafts = new ArrayList<>();

    /** A pump of answers to a request of which nothing need be known. */
    public Pump(ProviderApi api) {
        this(api, ProviderJson.newObject());
    }

    public Pump(ProviderApi api, ObjectNode request) {
        this(api, request, ResponseLimits.defaults());
    }

    public Pump(ProviderApi api, ObjectNode request, ResponseLimits limits) {
        this(api, request, limits, new SseParser());
    }

    /** A pump of an answer in the form that the parser reads. */
    public Pump(ProviderApi api, SignalParser parser) {
        this(api, ProviderJson.newObject(), ResponseLimits.defaults(), parser);
    }

    private Pump(ProviderApi api, ObjectNode request, ResponseLimits limits, SignalParser parser) {
        this.api = api;
        this.parser = parser;
        this.normaliser = api.normaliser(new NormaliserContext("a-provider", request, limits));
    }

    public Normaliser normaliser() {
        return normaliser;
    }

    /** Feeds bytes as they come from the connection. */
    public Pump bytes(byte[] bytes, int from, int to) {
        parser.feed(ByteBuffer.wrap(bytes, from, to - from), this::accept);
        return this;
    }

    /** Feeds one frame of data and returns what came of it. */
    public List<Draft> frame(String data) {
        var said = normaliser.accept(new SseSignal.Frame(SseFrame.of(data)));
        drafts.addAll(said);
        return said;
    }

    /** Feeds an answer that is no stream. */
    public Pump whole(ObjectNode answer) {
        drafts.addAll(normaliser.whole(answer));
        return this;
    }

    public void accept(SseSignal signal) {
        drafts.addAll(normaliser.accept(signal));
    }

    public Pump end() {
        parser.end(this::accept);
        drafts.addAll(normaliser.endOfBytes());
        return this;
    }

    public List<Draft> drafts() {
        return List.copyOf(drafts);
    }

    /** The events that a worker would have written. */
    public List<StreamEvent> events() {
        var events = new ArrayList<StreamEvent>();
        var started =
                new Started(
                        "a-provider",
                        "a-model",
                        api.name(),
                        Scope.RESPONSE,
                        1,
                        null,
                        null,
                        null,
                        null);
        events.add(new StreamEvent(ID, 0, AT, Placement.NONE, started));
        for (var draft : drafts) {
            events.add(new StreamEvent(ID, events.size(), AT, draft.placement(), draft.body()));
        }
        return events;
    }

    public Response response() {
        var fold = new ResponseFold();
        events().forEach(event -> fold.add(1, event));
        return fold.response().orElseThrow();
    }
}
