package io.tidemark.ingest.internal.vendor;

import static java.util.Map.entry;

import java.util.Map;

/** On which recordings an SDK and we differ, and why. */
final class VendorDifferences {
    private static final String IN_MESSAGE_START =
            "the SDK leaves out content that message_start holds";
    private static final String OWN_FIGURES =
            "the server states figures where OpenAI has none, of which the SDK knows nothing";
    private static final String NO_FINISH_REASON =
            "the SDK makes nothing of an answer without a finish reason";
    private static final String CONTENT_IN_PARTS =
            "the SDK takes no content but text, and Mistral's is a list where the model thinks";

    static final Map<String, String> OF_MESSAGES =
            Map.of(
                    "anthropic-messages/anthropics-anthropic-sdk-python--incomplete-partial-json-response.sse",
                    "of a call that was cut off, the SDK keeps an empty input, we what came of it",
                    "anthropic-messages/vercel-ai--anthropic-programmatic-tool-calling.1-2.sse",
                    IN_MESSAGE_START,
                    "anthropic-messages/vercel-ai--anthropic-programmatic-tool-calling.1-3.sse",
                    IN_MESSAGE_START);
    static final Map<String, String> OF_RESPONSES = Map.of();
    static final Map<String, String> OF_CHAT =
            Map.ofEntries(
                    entry(
                            "copilot-chat/0xplaygrounds-rig--streaming-tools-raw-followup-uses-tool-result-without-new-tool-calls-2.sse",
                            OWN_FIGURES),
                    entry(
                            "copilot-chat/0xplaygrounds-rig--streaming-tools-raw-stream-surfaces-two-distinct-tool-calls-before-text.sse",
                            OWN_FIGURES),
                    entry(
                            "databricks-chat/posit-dev-chatlas--test-databricks-tool-variations-async-3.sse",
                            OWN_FIGURES),
                    entry(
                            "doubleword-chat/0xplaygrounds-rig--reasoning-matrix-gpt-oss-reasoning-streaming.sse",
                            OWN_FIGURES),
                    entry(
                            "gpustack-chat/crmne-ruby-llm--chat-with-extended-thinking-gpustack-qwen3-streams-thinking-content-when-available.sse",
                            NO_FINISH_REASON),
                    entry(
                            "groq-chat/pydantic-pydantic-ai--groq-groq-model-web-search-tool-stream.sse",
                            OWN_FIGURES),
                    entry(
                            "groq-chat/pydantic-pydantic-ai--groq-tool-use-failed-error-streaming.sse",
                            NO_FINISH_REASON),
                    entry(
                            "mistral-chat/arize-ai-openinference--test-synchronous-streaming-chat-completions-with-tool-call-response-emits-expected-spans-false.sse",
                            "the SDK takes no call without an index"),
                    entry(
                            "mistral-chat/datadog-dd-trace-py--mistral-mistral-v1-chat-completions-post-ccfa08da.sse",
                            CONTENT_IN_PARTS),
                    entry("mistral-chat/vercel-ai--mistral-reasoning.sse", CONTENT_IN_PARTS),
                    entry(
                            "openai-chat/openai-openai-dotnet--chattests-chatwithbasicaudiooutput.sse",
                            "speech ends without a finish reason, of which the SDK makes stop"),
                    entry(
                            "openrouter-chat/pydantic-pydantic-ai--openrouter-openrouter-stream-error.sse",
                            "the SDK passes over an error that stands beside choices"),
                    entry(
                            "snowflake-chat/pydantic-pydantic-ai--snowflake-snowflake-model-streaming.sse",
                            NO_FINISH_REASON),
                    entry(
                            "tgi-chat/huggingface-text-generation-inference--test-flash-llama-grammar-tools-choice-stream.sse",
                            NO_FINISH_REASON),
                    entry(
                            "together-chat/arize-ai-openinference--test-chat-stream.sse",
                            OWN_FIGURES),
                    entry(
                            "xai-chat/vercel-ai--xai-tool-call.sse",
                            "xAI counts reasoning beside the output, our output includes it"));

    private VendorDifferences() {}
}
