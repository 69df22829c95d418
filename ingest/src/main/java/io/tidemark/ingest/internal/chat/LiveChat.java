package io.tidemark.ingest.internal.chat;

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

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.TreeMap;

/**
 * One response while it is being read: its choices, what is known of it as a whole, and where what
 * comes of it goes. Confined to one thread.
 */
final class LiveChat {
    /** Most choices of one response; OpenAI takes requests for as many. */
    static final int CHOICES_MAX = 128;

    /** Most signatures and encrypted content kept until their items end, in characters. */
    static final int SEALS_CHARS_MAX = 16 * 1024 * 1024;

    private final Outbox out = new Outbox();
    private final OutputWriter writer = new OutputWriter(out);
    private final OutputItems items;
    private final Unmapped unmapped;
    private final KeptText seals = new KeptText(SEALS_CHARS_MAX, "seals");
    private final Sources sources = new Sources(this);
    private final UsageMeter meter = new UsageMeter();
    private final TreeMap<Integer, Choice> choices = new TreeMap<>();
    private final String audioFormat;
    private final int choicesAskedFor;

    private @Nullable String responseId;
    private @Nullable String model;
    private @Nullable JsonNode promptFilter;
    private boolean accepted;

    LiveChat(NormaliserContext context) {
        this.items = new OutputItems(new Allowance(context.limits()), writer);
        this.unmapped = new Unmapped(context.provider(), out);
        var asked = ProviderJson.index(context.request(), "n");
        this.choicesAskedFor = asked == null ? 1 : Math.min(asked, CHOICES_MAX);
        this.audioFormat = context.request().path("audio").path("format").asText();
    }

    Outbox out() {
        return out;
    }

    OutputWriter writer() {
        return writer;
    }

    OutputItems items() {
        return items;
    }

    Unmapped unmapped() {
        return unmapped;
    }

    Sources sources() {
        return sources;
    }

    UsageMeter meter() {
        return meter;
    }

    /** What the request calls the format of audio that it asks for; empty if it asks for none. */
    String audioFormat() {
        return audioFormat;
    }

    @Nullable String responseId() {
        return responseId;
    }

    @Nullable String model() {
        return model;
    }

    /** All choices, by index. */
    Collection<Choice> choices() {
        return choices.values();
    }

    /** One choice, which is begun if it was not. */
    Choice choice(int index) {
        var choice = choices.get(index);
        if (choice == null) {
            ProtocolViolation.requireRoom("choices", choices.size(), CHOICES_MAX);
            choice = new Choice(index, this);
            choices.put(index, choice);
        }
        return choice;
    }

    /** The choice that what is said of the whole answer belongs to. */
    Choice firstChoice() {
        return choices.isEmpty() ? choice(0) : choices.firstEntry().getValue();
    }

    /**
     * Reads a chunk, or a whole answer.
     *
     * @return whether it reports usage
     */
    boolean read(ChatFrame frame) {
        var json = frame.json();
        learn(json);
        readPromptFilter(json);
        int place = 0;
        for (var stated : json.path("choices")) {
            var index = ProviderJson.index(stated, "index");
            choice(index == null ? place : index).read(stated, frame);
            place++;
        }
        sources.read(json);
        FilterReport.moderation(out, json);
        return meter.learn(json, over());
    }

    private void readPromptFilter(ObjectNode chunk) {
        var results = chunk.path("prompt_filter_results");
        if (!results.equals(promptFilter)) {
            promptFilter = results;
            FilterReport.input(out, results);
        }
    }

    /* Azure speaks of the prompt before there is an answer; some servers never give an id. */
    private void learn(ObjectNode chunk) {
        responseId = responseId == null ? ProviderJson.word(chunk, "id") : responseId;
        var served = ProviderJson.word(chunk, "model");
        model = served == null ? model : served;
        if (!accepted && (responseId != null || !chunk.path("choices").isEmpty())) {
            accepted = true;
            var tier = ProviderJson.word(chunk, "service_tier");
            out.add(new Status(Status.ACCEPTED, responseId, model, tier, null, null));
        }
    }

    /** Whether all choices that were begun have ended. */
    boolean over() {
        return !choices.isEmpty() && choices.values().stream().allMatch(Choice::finished);
    }

    /** Whether nothing but usage is to be expected. */
    boolean finished() {
        return over() && (choices.size() >= choicesAskedFor || meter.lastWord());
    }

    /** Whether the provider has neither said anything nor why it does not. */
    boolean empty() {
        return choices.values().stream()
                .allMatch(choice -> choice.empty() && choice.finishWord() == null);
    }

    /** What is kept of a signature or the like of which this comes: the first there was. */
    @Nullable String kept(@Nullable String known, @Nullable String seal) {
        return seals.first(known, seal);
    }

    /** Closes whatever is open. */
    void closeAll(ItemStatus status) {
        choices.values().forEach(choice -> choice.close(status));
    }
}
