package io.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonIgnore;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * Where in a response an event belongs and where it came from: the optional envelope fields of
 * {@code docs/protocol.md}. Immutable; every field may be absent.
 *
 * @param outputIndex which output item, from 0
 * @param contentIndex which part of the item, from 0; also the summary or command index
 * @param choiceIndex which of several choices; absent for choice 0
 * @param itemId the provider's label of the item, informative only
 * @param agent the agent's name where a provider runs several
 * @param sessionId the session a response belongs to
 * @param sessionSequence position in the session, gapless across its streams
 * @param providerSequence highest provider number that the event covers: the cursor to resume from
 * @param providerType the provider's own event type
 * @param providerEventId the provider's own event id
 * @param providerPart 0-based part where one provider event gave several events
 */
public record Placement(
        @Nullable Integer outputIndex,
        @Nullable Integer contentIndex,
        @Nullable Integer choiceIndex,
        @Nullable String itemId,
        @Nullable String agent,
        @Nullable String sessionId,
        @Nullable Long sessionSequence,
        @Nullable Long providerSequence,
        @Nullable String providerType,
        @Nullable String providerEventId,
        @Nullable Integer providerPart) {
    /** No placement at all: the event speaks of the stream as a whole. */
    public static final Placement NONE =
            new Placement(null, null, null, null, null, null, null, null, null, null, null);

    public Placement {
        requireIndex("outputIndex", outputIndex);
        requireIndex("contentIndex", contentIndex);
        requireIndex("choiceIndex", choiceIndex);
        requireIndex("providerPart", providerPart);
        requireNumber("sessionSequence", sessionSequence);
        requireNumber("providerSequence", providerSequence);
    }

    /** Placement of something that belongs to an item as a whole. */
    public static Placement item(int outputIndex, @Nullable String itemId) {
        return new Placement(
                outputIndex, null, null, itemId, null, null, null, null, null, null, null);
    }

    /** Placement of something that belongs to one content part of an item. */
    public static Placement content(int outputIndex, int contentIndex, @Nullable String itemId) {
        return new Placement(
                outputIndex, contentIndex, null, itemId, null, null, null, null, null, null, null);
    }

    /** The same place, with the provider's number of the event. */
    public Placement withProviderSequence(@Nullable Long number) {
        return new Placement(
                outputIndex,
                contentIndex,
                choiceIndex,
                itemId,
                agent,
                sessionId,
                sessionSequence,
                number,
                providerType,
                providerEventId,
                providerPart);
    }

    /** The same place in another choice; choice 0 is written as absent. */
    public Placement withChoice(int choice) {
        return new Placement(
                outputIndex,
                contentIndex,
                choice == 0 ? null : choice,
                itemId,
                agent,
                sessionId,
                sessionSequence,
                providerSequence,
                providerType,
                providerEventId,
                providerPart);
    }

    /** The same place, said by a named agent. */
    public Placement withAgent(@Nullable String name) {
        return new Placement(
                outputIndex,
                contentIndex,
                choiceIndex,
                itemId,
                name,
                sessionId,
                sessionSequence,
                providerSequence,
                providerType,
                providerEventId,
                providerPart);
    }

    /** The same place, with the provider's own type of the event. */
    public Placement withProviderType(@Nullable String name) {
        if (Objects.equals(providerType, name)) {
            return this;
        }
        return new Placement(
                outputIndex,
                contentIndex,
                choiceIndex,
                itemId,
                agent,
                sessionId,
                sessionSequence,
                providerSequence,
                name,
                providerEventId,
                providerPart);
    }

    /** The choice with absence resolved. */
    @JsonIgnore
    public int choice() {
        return choiceIndex == null ? 0 : choiceIndex;
    }

    private static void requireIndex(String name, @Nullable Integer value) {
        if (value != null && value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, was " + value);
        }
    }

    private static void requireNumber(String name, @Nullable Long value) {
        if (value != null && value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, was " + value);
        }
    }
}
