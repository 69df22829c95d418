package io.tidemark.ingest.internal;

import io.tidemark.schemas.EventBody;
import io.tidemark.schemas.LifecycleBody.Started;
import io.tidemark.schemas.LifecycleBody.Status;
import io.tidemark.schemas.Placement;

import org.jspecify.annotations.Nullable;

/**
 * How much of one provider's response a stream holds, folded from its events: who is asked, what
 * the response is called, the provider's number up to which there are events, and how many have
 * that number. It begins anew with each attempt at a provider; what we say ourselves of connections
 * is no part of it. Confined to one thread.
 */
final class ProviderStory {
    /** Before the first number. */
    static final long NOTHING = -1;

    private @Nullable String provider;
    private @Nullable String responseId;
    private long cursor = NOTHING;
    private long atCursor;
    private long content;

    /** The next event of the stream. */
    void add(Placement place, EventBody body) {
        switch (body) {
            case Started started -> begin(started.provider());
            case Status status when status.status().equals(Status.RETRYING) ->
                    begin(status.provider());
            case Status status when ours(body) -> {}
            case Status status -> {
                responseId = responseId == null ? status.providerResponseId() : responseId;
                count(place);
            }
            default -> {
                content += Draft.content(body) ? 1 : 0;
                count(place);
            }
        }
    }

    /** Whether it speaks of our connection, and not of the response. */
    static boolean ours(EventBody body) {
        return body instanceof Status status
                && (status.status().equals(Status.RECONNECTING)
                        || status.status().equals(Status.RESUMED));
    }

    private void begin(@Nullable String asked) {
        provider = asked == null ? provider : asked;
        responseId = null;
        cursor = NOTHING;
        atCursor = 0;
    }

    private void count(Placement place) {
        long number = numberOf(place);
        if (number > cursor) {
            cursor = number;
            atCursor = 0;
        }
        atCursor += number == cursor ? 1 : 0;
    }

    /** The provider's number up to which an event covers its response. */
    static long numberOf(Placement place) {
        var number = place.providerSequence();
        return number == null ? NOTHING : number;
    }

    /** Name of the provider that was asked last; absent if that was never said. */
    @Nullable String provider() {
        return provider;
    }

    /** What the provider calls its response; absent if it has not said so. */
    @Nullable String responseId() {
        return responseId;
    }

    /** Whether it names a response that can be asked for. */
    boolean namedFor(Resumption resumption) {
        return responseId != null && resumption.accepts(responseId);
    }

    /** Whether a draft that follows this part of the story is part of that one too. */
    boolean before(ProviderStory other) {
        return cursor < other.cursor || (cursor == other.cursor && atCursor < other.atCursor);
    }

    /** Whether both are the same part of the same response, as far as numbers tell. */
    boolean matches(ProviderStory other) {
        return cursor == other.cursor
                && atCursor == other.atCursor
                && content == other.content
                && responseId != null
                && responseId.equals(other.responseId);
    }
}
