package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.ingest.IngestLimits;
import io.tidemark.ingest.ProviderConfig;
import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.responses.ResponsesApi;
import io.tidemark.schemas.LifecycleBody.Status;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A stored response of a provider, and the workers that read it one after the other: each writes to
 * the same log, loses connections, and dies. Confined to the test's thread.
 */
final class ResumedResponse implements AutoCloseable {
    static final List<String> FRAMES =
            """
            {"type":"response.created","response":{"id":"resp_1","model":"m-1","status":"queued","output":[]}}
            {"type":"response.queued","response":{"id":"resp_1","status":"queued"}}
            {"type":"response.in_progress","response":{"id":"resp_1","status":"in_progress"}}
            {"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[]}}
            {"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"Hm"}
            {"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":""}
            {"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm"}],"encrypted_content":"gAAA"}}
            {"type":"keepalive"}
            {"type":"response.output_item.added","output_index":1,"item":{"type":"message","id":"msg_1","role":"assistant","content":[]}}
            {"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"Salt \\ud83d"}
            {"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"\\ude00 salt "}
            {"type":"response.output_text.delta","output_index":1,"content_index":0,"delta":"salt "}
            {"type":"response.something_new","payload":[1,2,3]}
            {"type":"response.output_text.annotation.added","output_index":1,"content_index":0,"annotation_index":0,"annotation":{"type":"url_citation","url":"https://example.org","start_index":0,"end_index":4}}
            {"type":"response.output_text.delta","output_index":1,"content_index":1,"delta":"salt"}
            {"type":"response.output_item.done","output_index":1,"item":{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"Salt \\ud83d\\ude00 salt salt "},{"type":"output_text","text":"salt"}]}}
            {"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":""}}
            {"type":"response.function_call_arguments.delta","output_index":2,"item_id":"fc_1","delta":"{}"}
            {"type":"response.output_item.done","output_index":2,"item":{"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":"{}"}}
            {"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[],"usage":{"input_tokens":3,"output_tokens":5,"total_tokens":8}}}
            """
                    .lines()
                    .toList();

    private static final Pattern AFTER = Pattern.compile("starting_after=([0-9]+)");

    private final ObjectNode request =
            JsonNodeFactory.instance
                    .objectNode()
                    .put("model", "m")
                    .put("input", "Hi")
                    .put("background", true);
    private final ProviderConfig config =
            ProviderConfig.of(
                    "openai",
                    List.of(ResponsesApi.NAME),
                    URI.create("http://127.0.0.1:9/v1"),
                    null);
    private final Provider provider = Provider.of(config, TestStreams.CLOCK);
    private final Candidate candidate = new Candidate(provider, new ResponsesApi(), null);
    private final Prepared prepared = (Prepared) candidate.api().prepare(request);
    private final Background background = Background.of(candidate, prepared).orElseThrow();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final IngestMetrics metrics = new IngestMetrics(meters);
    private final List<String> frames;
    private final List<Draft> log = new ArrayList<>();
    private ResumableNormaliser worker = fresh();
    private int next;

    /** A response of these frames, which get their numbers here. */
    ResumedResponse(List<String> frames) {
        this.frames = frames;
    }

    private ResumableNormaliser fresh() {
        return ResumableNormaliser.fresh(normaliser(), background, metrics);
    }

    private Normaliser normaliser() {
        return candidate.normaliser(prepared, IngestLimits.defaults());
    }

    /** What is written of it when nothing goes wrong. */
    static List<Draft> uncut() {
        try (var response = new ResumedResponse(FRAMES)) {
            response.readToEnd();
            return response.written();
        }
    }

    /** Whether there is more to read. */
    boolean more() {
        return !worker.ended() && next < frames.size();
    }

    /** Reads the next frame and writes all of it. */
    void read() {
        log.addAll(given());
    }

    /** Reads the next frame and writes so much of it at most; how many drafts there were. */
    int readAndDie(int written) {
        var drafts = given();
        log.addAll(drafts.subList(0, Math.min(written, drafts.size())));
        return drafts.size();
    }

    private List<Draft> given() {
        var frame = numbered(next);
        next++;
        return worker.accept(new SseSignal.Frame(SseFrame.of(frame))).stream()
                .filter(draft -> !EventWriter.empty(draft.body()))
                .toList();
    }

    private String numbered(int number) {
        return frames.get(number)
                .replaceFirst("\\{\"type\"", "{\"sequence_number\":" + number + ",\"type\"");
    }

    void readToEnd() {
        while (more()) {
            read();
        }
    }

    /**
     * Loses the connection, and reads on with another.
     *
     * @param overlap how many frames more than asked for it brings
     */
    void reconnect(int overlap) {
        assertThat(worker.endOfBytes()).isEmpty();
        assertThat(worker.interruption()).isPresent();
        log.add(Draft.of(Status.of(Status.RECONNECTING)));
        next = Math.max(0, asked() - overlap);
    }

    /* The first frame that the request asks for. */
    private int asked() {
        var path = worker.readingOn().path().path();
        assertThat(path).startsWith("/responses/resp_1?stream=true");
        var after = AFTER.matcher(path);
        return after.find() ? Integer.parseInt(after.group(1)) + 1 : 0;
    }

    /** Another worker takes over, and reads from the beginning what the provider has. */
    void takeOver() {
        worker = ResumableNormaliser.behind(known(), normaliser(), background, metrics);
        assertThat(asked()).isZero();
        next = 0;
    }

    /** What the log holds, as whoever takes it over reads it back. */
    OpenContent known() {
        var known = new OpenContent();
        known.add(TestStreams.event(TestStreams.mint(), 0, TestStreams.started(1)));
        log.forEach(draft -> known.add(draft.placement(), draft.body()));
        return known;
    }

    /** Whether the log names the response. */
    boolean named() {
        return known().story().namedFor(background.resumption());
    }

    boolean joined() {
        return worker.joined();
    }

    boolean ended() {
        return worker.ended();
    }

    void write(Draft draft) {
        log.add(draft);
    }

    /** The log without what we say of our connections. */
    List<Draft> written() {
        return log.stream().filter(draft -> !ProviderStory.ours(draft.body())).toList();
    }

    long resumed() {
        return log.stream()
                .filter(draft ->
                        draft.body() instanceof Status status
                                && status.status().equals(Status.RESUMED))
                .count();
    }

    double counted(IngestMetrics.Resumed outcome) {
        var name = outcome.name().toLowerCase(java.util.Locale.ROOT);
        return meters.find(IngestMetrics.RESPONSES_RESUMED).tag("outcome", name).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    @Override
    public void close() {
        provider.client().close();
    }
}
