package io.tidemark.ingest.internal;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.tidemark.ingest.internal.IngestMetrics.Resumed;
import io.tidemark.schemas.ErrorCode;
import io.tidemark.schemas.LifecycleBody;
import io.tidemark.schemas.LifecycleBody.Failed;
import io.tidemark.schemas.LifecycleBody.Status;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The normaliser of a response that its provider goes on with by itself: that a connection was lost
 * is not its end, but an interruption, after which another connection brings the rest; and an end
 * that is ours is told to the provider, which would otherwise go on and be paid for.
 *
 * <pre>
 *   reading --connection lost, refused, silent--&gt; interrupted --reading again--&gt; reading
 *      |                                               |
 *      +--its end, or ours                             +--given up
 *      v                                               v
 *    ended &lt;-------------------------------------------+
 * </pre>
 *
 * <p>To the pump an interruption is the end of its connection. Confined to one thread.
 */
final class ResumableNormaliser implements Normaliser {
    /* What another connection does not mend: it concerns the stream, not the connection. */
    private static final Set<ErrorCode> FINAL =
            Set.of(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.ABORTED, ErrorCode.INTERNAL_ERROR);

    private final Normaliser inner;
    private final Background background;
    private final IngestMetrics metrics;
    private final @Nullable Rejoin rejoin;
    private @Nullable String responseId;
    private @Nullable Failed interruption;
    /* Highest number when the last connection was made, and whether something new has come of it. */
    private long resumedAt;
    private boolean brought = true;
    private boolean stoppedAtProvider;

    private ResumableNormaliser(
            Normaliser inner,
            Background background,
            IngestMetrics metrics,
            @Nullable Rejoin rejoin,
            @Nullable String responseId) {
        this.inner = inner;
        this.background = background;
        this.metrics = metrics;
        this.rejoin = rejoin;
        this.responseId = responseId;
    }

    /** Of a response that is being asked for. */
    static ResumableNormaliser fresh(
            Normaliser inner, Background background, IngestMetrics metrics) {
        return new ResumableNormaliser(inner, background, metrics, null, null);
    }

    /**
     * Of a response that is read from its beginning because somebody else wrote what the log holds.
     *
     * @param log names the response
     */
    static ResumableNormaliser behind(
            OpenContent log, Normaliser inner, Background background, IngestMetrics metrics) {
        var id = requireNonNull(log.story().responseId(), "responseId");
        return new ResumableNormaliser(inner, background, metrics, new Rejoin(log), id);
    }

    Background background() {
        return background;
    }

    @Override
    public List<Draft> accept(SseSignal signal) {
        return passed(inner.accept(signal));
    }

    @Override
    public List<Draft> whole(ObjectNode answer) {
        return passed(inner.whole(answer));
    }

    @Override
    public List<Draft> endOfBytes() {
        if (!resumable() || inner.holding().isPresent()) {
            return passed(inner.endOfBytes());
        }
        interrupt(
                Failed.of(
                        ErrorCode.CONNECTION_LOST,
                        "The provider's stream broke off.",
                        contentSent()));
        return List.of();
    }

    @Override
    public List<Draft> end(LifecycleBody terminal) {
        if (resumable()
                && terminal instanceof Failed failed
                && !FINAL.contains(AttemptPlan.codeOf(failed))) {
            interrupt(failed);
            return List.of();
        }
        return endNow(terminal);
    }

    /** Ends it although another connection might bring the rest. */
    List<Draft> endNow(LifecycleBody terminal) {
        cancelAtProvider();
        interruption = null;
        var drafts = inner.end(terminal);
        return joined() ? drafts : List.of();
    }

    private List<Draft> passed(List<Draft> drafts) {
        drafts.forEach(this::learn);
        if (!brought && cursor() > resumedAt) {
            brought = true;
            if (joined()) {
                metrics.resumed(background.candidate().name(), Resumed.RESUMED);
            }
        }
        return rejoin == null || rejoin.joined() ? drafts : rejoined(rejoin, drafts);
    }

    private List<Draft> rejoined(Rejoin place, List<Draft> drafts) {
        boolean contradicted = place.contradicted();
        var passed = place.pass(drafts);
        if (place.joined()) {
            metrics.takenOver("resumed");
            metrics.resumed(background.candidate().name(), Resumed.RESUMED);
        } else if (place.contradicted() && !contradicted) {
            metrics.resumed(background.candidate().name(), Resumed.CONTRADICTED);
            tellProvider();
        }
        return passed;
    }

    private long cursor() {
        return inner.providerSequence().orElse(ProviderStory.NOTHING);
    }

    private void learn(Draft draft) {
        if (responseId == null && draft.body() instanceof Status status) {
            var stated = status.providerResponseId();
            responseId = stated != null && background.resumption().accepts(stated) ? stated : null;
        }
        /* An end for what could not be read: the provider does not know of it. */
        if (draft.body() instanceof Failed failed
                && AttemptPlan.codeOf(failed) == ErrorCode.PROTOCOL_ERROR) {
            tellProvider();
        }
    }

    /** The connection brings nothing more; another may bring the rest. */
    void interrupt(Failed failure) {
        interruption = failure;
    }

    /** Why the last connection brought nothing more, if there may be another. */
    Optional<Failed> interruption() {
        return Optional.ofNullable(interruption);
    }

    /** The request for what is missing; what comes of it is to be handed to this normaliser. */
    Outgoing readingOn() {
        interruption = null;
        var after = inner.providerSequence();
        if (after.isPresent()) {
            inner.resumed();
        }
        resumedAt = cursor();
        brought = false;
        return background.reading(requireNonNull(responseId, "responseId"), after);
    }

    /** Whether anything new came since {@link #readingOn}. */
    boolean broughtNothing() {
        return !brought;
    }

    /** Whether what it returns follows what the log holds: if not, it returns nothing. */
    boolean joined() {
        return rejoin == null || rejoin.joined();
    }

    /**
     * Tells the provider to go no further, unless it has ended the response itself, or not said
     * what to call it; once.
     */
    void cancelAtProvider() {
        if (!inner.ended()) {
            tellProvider();
        }
    }

    private void tellProvider() {
        if (responseId != null && !stoppedAtProvider) {
            stoppedAtProvider = true;
            background.cancel(responseId, metrics);
        }
    }

    /* A response is read on from a number, or else from its very beginning. */
    @Override
    public boolean resumable() {
        return responseId != null
                && !inner.ended()
                && !contradicted()
                && (inner.providerSequence().isPresent() || (rejoin != null && !joined()));
    }

    @Override
    public boolean ended() {
        return interruption != null || inner.ended() || contradicted();
    }

    private boolean contradicted() {
        return rejoin != null && rejoin.contradicted();
    }

    @Override
    public boolean contentSent() {
        return inner.contentSent();
    }

    @Override
    public Optional<Duration> holding() {
        return inner.holding();
    }

    @Override
    public List<Draft> holdExpired() {
        return passed(inner.holdExpired());
    }

    @Override
    public OptionalLong providerSequence() {
        return inner.providerSequence();
    }

    @Override
    public void resumed() {
        inner.resumed();
    }
}
