package io.tidemark.ingest.internal.chat;

import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionAudio;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionChunk.Choice.Delta;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageCustomToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.completions.CompletionUsage;

import io.tidemark.ingest.internal.output.MappedNames;
import io.tidemark.ingest.internal.vendor.VendorDrift;
import io.tidemark.ingest.internal.vendor.VendorFields;
import io.tidemark.ingest.internal.vendor.VendorUnion;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The table of Chat Completions knows what openai-java knows, of chunks and of whole answers. */
class ChatDriftTest extends VendorDrift {
    private static final MappedNames MAPPED =
            MappedNames.in(ChatDriftTest.class, "chat-mapping.json");

    @Override
    protected List<Table> tables() {
        return Stream.of(answer(), message(), usage()).flatMap(List::stream).toList();
    }

    private static List<Table> answer() {
        return List.of(
                new Table(
                        "chat chunks",
                        VendorFields.of(ChatCompletionChunk.class, ChatCompletion.class),
                        MAPPED.fields(),
                        Map.of(
                                "created", "our events say when they came",
                                "metadata", "what the request said, and whoever sent it knows",
                                "system_fingerprint", "of the provider's machines")),
                new Table(
                        "chat moderation",
                        VendorFields.of(ChatCompletionChunk.Moderation.class),
                        MAPPED.fields("moderation")),
                new Table(
                        "chat choices",
                        VendorFields.of(
                                ChatCompletionChunk.Choice.class, ChatCompletion.Choice.class),
                        MAPPED.fields("choices")),
                new Table(
                        "chat log probabilities",
                        VendorFields.of(ChatCompletionChunk.Choice.Logprobs.class),
                        MAPPED.fields("choices", "logprobs")),
                new Table(
                        "chat finish reasons",
                        both(
                                VendorUnion.constants(
                                        ChatCompletionChunk.Choice.FinishReason.class),
                                VendorUnion.constants(ChatCompletion.Choice.FinishReason.class)),
                        FinishWord.words()));
    }

    private static List<Table> message() {
        return List.of(
                new Table(
                        "chat deltas",
                        VendorFields.of(Delta.class, ChatCompletionMessage.class),
                        MAPPED.fields("choices", "delta")),
                new Table(
                        "chat audio",
                        VendorFields.of(Delta.Audio.class, ChatCompletionAudio.class),
                        MAPPED.fields("choices", "delta", "audio")),
                new Table(
                        "chat calls",
                        VendorFields.of(
                                Delta.ToolCall.class,
                                ChatCompletionMessageFunctionToolCall.class,
                                ChatCompletionMessageCustomToolCall.class),
                        MAPPED.fields("choices", "delta", "tool_calls")),
                new Table(
                        "chat call types",
                        VendorUnion.types(ChatCompletionMessageToolCall.class),
                        MAPPED.words("choices", "delta", "tool_calls", "type")),
                new Table(
                        "chat annotations",
                        VendorFields.of(ChatCompletionMessage.Annotation.class),
                        MAPPED.fields("choices", "delta", "annotations")),
                new Table(
                        "chat citations",
                        VendorFields.of(ChatCompletionMessage.Annotation.UrlCitation.class),
                        MAPPED.fields("choices", "delta", "annotations", "url_citation")));
    }

    private static List<Table> usage() {
        return List.of(
                new Table(
                        "chat usage",
                        VendorFields.of(CompletionUsage.class),
                        MAPPED.fields("usage")),
                new Table(
                        "chat usage of the prompt",
                        VendorFields.of(CompletionUsage.PromptTokensDetails.class),
                        MAPPED.fields("usage", "prompt_tokens_details")),
                new Table(
                        "chat usage of the answer",
                        VendorFields.of(CompletionUsage.CompletionTokensDetails.class),
                        MAPPED.fields("usage", "completion_tokens_details")));
    }

    private static Set<String> both(Set<String> some, Set<String> others) {
        var all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }
}
