package io.tidemark.ingest.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A body that is a stream: bytes through its parser, signals through the normaliser. */
final class EventStreamBody implements UpstreamBody {
    private static final String END_MARKER = "[DONE]";

    private final SignalParser parser;
    private final Normaliser normaliser;
    private final IngestMetrics metrics;

    /**
     * @param parser of the form that the stream has
     */
    EventStreamBody(SignalParser parser, Normaliser normaliser, IngestMetrics metrics) {
        this.parser = parser;
        this.normaliser = normaliser;
        this.metrics = metrics;
    }

    @Override
    public List<Draft> bytes(ByteBuffer chunk) {
        var drafts = new ArrayList<Draft>();
        parser.feed(chunk, signal -> accept(signal, drafts));
        return drafts;
    }

    @Override
    public List<Draft> end() {
        var drafts = new ArrayList<Draft>();
        parser.end(signal -> accept(signal, drafts));
        drafts.addAll(normaliser.endOfBytes());
        return drafts;
    }

    @Override
    public boolean streamed() {
        return true;
    }

    private void accept(SseSignal signal, List<Draft> drafts) {
        if (normaliser.ended()) {
            if (signal instanceof SseSignal.Frame(var frame) && !endMarker(frame)) {
                metrics.lateFrame();
            }
            return;
        }
        drafts.addAll(normaliser.accept(signal));
    }

    /* Where a dialect ends with an event of its own, the marker after it is part of the form. */
    private static boolean endMarker(SseFrame frame) {
        return frame.data().strip().equals(END_MARKER);
    }
}
