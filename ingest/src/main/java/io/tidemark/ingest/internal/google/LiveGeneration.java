package io.tidemark.ingest.internal.google;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.NormaliserContext;
import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.ingest.internal.output.Allowance;
import io.tidemark.ingest.internal.output.KeptText;
import io.tidemark.ingest.internal.output.Outbox;
import io.tidemark.ingest.internal.output.OutputItems;
import io.tidemark.ingest.internal.output.OutputWriter;
import io.tidemark.ingest.internal.output.ProtocolViolation;
import io.tidemark.ingest.internal.output.Unmapped;
import io.tidemark.schemas.ItemBody.ItemStatus;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.Placement;
import io.tidemark.schemas.Usage;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.TreeMap;

/**
 * One answer while it is being read: its candidates, what is known of it as a whole, and where what
 * comes of it goes. Confined to one thread.
 */
final class LiveGeneration {
    /** Most candidates of one answer; the API gives eight at most. */
    static final int CANDIDATES_MAX = 128;

    /** Most signatures of what is open, in characters, those of all candidates together. */
    static final int SIGNATURES_CHARS_MAX = 4 * 1024 * 1024;

    private final Outbox out = new Outbox();
    private final OutputWriter writer = new OutputWriter(out);
    private final Allowance allowance;
    private final OutputItems items;
    private final Unmapped unmapped;
    private final KeptText signatures = new KeptText(SIGNATURES_CHARS_MAX, "signatures");
    private final McpServers servers;
    private final int candidatesAsked;
    private final TreeMap<Integer, Candidate> candidates = new TreeMap<>();
    private final UsageMetadata usage = new UsageMetadata();

    private @Nullable String responseId;
    private @Nullable String model;
    private boolean accepted;
    private Chunk chunk = new Chunk(ProviderJson.newObject(), 0);

    LiveGeneration(NormaliserContext context) {
        this.allowance = new Allowance(context.limits());
        this.items = new OutputItems(allowance, writer);
        this.unmapped = new Unmapped(context.provider(), out);
        this.servers = new McpServers(context.request().path("tools"));
        var asked =
                ProviderJson.index(context.request().path("generationConfig"), "candidateCount");
        this.candidatesAsked = asked == null ? 1 : asked;
    }

    Outbox out() {
        return out;
    }

    OutputWriter writer() {
        return writer;
    }

    Allowance allowance() {
        return allowance;
    }

    OutputItems items() {
        return items;
    }

    KeptText signatures() {
        return signatures;
    }

    Unmapped unmapped() {
        return unmapped;
    }

    McpServers servers() {
        return servers;
    }

    @Nullable String responseId() {
        return responseId;
    }

    @Nullable String model() {
        return model;
    }

    @Nullable Usage usage() {
        return usage.sum();
    }

    /** What is read from here on belongs to that chunk. */
    void begin(Chunk next) {
        chunk = next;
        unmapped.nextFrame();
    }

    /** Passes on the chunk, of which something has no meaning here. */
    void variant(Placement placement, String type) {
        unmapped.variant(placement, type, chunk.json(), chunk.chars());
    }

    /** Takes over what a chunk says of the answer as a whole; the first is a sign of acceptance. */
    void learn(ObjectNode json) {
        responseId = responseId == null ? ProviderJson.word(json, "responseId") : responseId;
        model = model == null ? ProviderJson.word(json, "modelVersion") : model;
        JsonNode metadata = json.path("usageMetadata");
        usage.merge(metadata);
        if (!accepted) {
            accepted = true;
            var tier = ProviderJson.word(metadata, "serviceTier");
            out.add(new Status(Status.ACCEPTED, responseId, model, tier, null, null));
        }
    }

    /** The candidate of that index, which is made if it is not there. */
    Candidate candidate(int index) {
        var known = candidates.get(index);
        if (known != null) {
            return known;
        }
        ProtocolViolation.requireRoom("candidates", candidates.size(), CANDIDATES_MAX);
        var candidate = new Candidate(this, index);
        candidates.put(index, candidate);
        return candidate;
    }

    /** All candidates, by index. */
    Collection<Candidate> candidates() {
        return candidates.values();
    }

    /** Whether every candidate that was seen has its finish reason. */
    boolean finished() {
        return !candidates.isEmpty()
                && candidates.values().stream().allMatch(it -> it.finishReason() != null);
    }

    /** Whether more than usage may follow though every candidate has its finish reason. */
    boolean mayGoOn() {
        return candidates.size() < candidatesAsked
                || candidates.values().stream().anyMatch(Candidate::mayGoOn);
    }

    /** Closes whatever is open. */
    void closeAll(ItemStatus status) {
        candidates.values().forEach(candidate -> candidate.close(status));
    }
}
