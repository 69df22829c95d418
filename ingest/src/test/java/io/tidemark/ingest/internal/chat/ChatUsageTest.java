package io.tidemark.ingest.internal.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ingest.internal.ProviderJson;
import io.tidemark.schemas.Usage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way in which servers count, and what it comes to when totals are inclusive. */
class ChatUsageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                /* OpenAI: all inclusive */
                "{'prompt_tokens':10,'completion_tokens':7,'total_tokens':17,'prompt_tokens_details':{'cached_tokens':4},'completion_tokens_details':{'reasoning_tokens':5}} | 10 | 7 | 17 | 4 | - | 5",
                /* xAI: output without reasoning */
                "{'prompt_tokens':12,'completion_tokens':2,'total_tokens':354,'completion_tokens_details':{'reasoning_tokens':340}} | 12 | 342 | 354 | - | - | 340",
                "{'prompt_tokens':12,'completion_tokens':2,'total_tokens':354,'prompt_tokens_details':{'cached_tokens':340},'completion_tokens_details':{'reasoning_tokens':340}} | 352 | 342 | 694 | 340 | - | 340",
                /* without a total, more reasoning than output says the same */
                "{'prompt_tokens':12,'completion_tokens':2,'reasoning_tokens':340} | 12 | 342 | - | - | - | 340",
                "{'prompt_tokens':12,'completion_tokens':400,'reasoning_tokens':340} | 12 | 400 | - | - | - | 340",
                /* a total that says otherwise is believed, whatever the parts */
                "{'prompt_tokens':43,'completion_tokens':10,'total_tokens':53,'completion_tokens_details':{'reasoning_tokens':11}} | 43 | 10 | 53 | - | - | 11",
                /* Azure, Copilot */
                "{'prompt_tokens':10,'completion_tokens':7,'total_tokens':17,'reasoning_tokens':5} | 10 | 7 | 17 | - | - | 5",
                /* DeepSeek */
                "{'prompt_tokens':10,'completion_tokens':7,'total_tokens':17,'prompt_cache_hit_tokens':8,'prompt_cache_miss_tokens':2} | 10 | 7 | 17 | 8 | - | -",
                /* Together, Moonshot */
                "{'prompt_tokens':10,'completion_tokens':7,'total_tokens':17,'cached_tokens':3} | 10 | 7 | 17 | 3 | - | -",
                /* OpenRouter */
                "{'prompt_tokens':10,'completion_tokens':7,'total_tokens':17,'prompt_tokens_details':{'cached_tokens':3,'cache_write_tokens':2}} | 10 | 7 | 17 | 3 | 2 | -",
                /* Anthropic's way of counting, behind a proxy */
                "{'prompt_tokens':5,'completion_tokens':7,'total_tokens':12,'cache_read_input_tokens':90,'cache_creation_input_tokens':10} | 105 | 7 | 112 | 90 | 10 | -",
                "{'prompt_tokens':500,'completion_tokens':7,'total_tokens':607,'cache_read_input_tokens':90,'cache_creation_input_tokens':10} | 600 | 7 | 607 | 90 | 10 | -",
                "{'prompt_tokens':500,'completion_tokens':7,'total_tokens':507,'cache_read_input_tokens':90,'cache_creation_input_tokens':10} | 500 | 7 | 507 | 90 | 10 | -",
                "{'input_tokens':10,'output_tokens':7,'input_tokens_details':{'cached_tokens':3},'output_tokens_details':{'reasoning_tokens':2}} | 10 | 7 | - | 3 | - | 2",
                /* Databricks, on the way */
                "{'prompt_tokens':397,'completion_tokens':null,'total_tokens':null,'cache_read_input_tokens':0} | 397 | - | - | 0 | - | -",
                "{'prompt_tokens':-1,'completion_tokens':1.5,'total_tokens':9223372036854775807} | - | - | - | - | - | -"
            })
    void totalsAreInclusive(
            String reported,
            Long input,
            Long output,
            Long total,
            Long cached,
            Long written,
            Long reasoning) {
        var raw = ProviderJson.object(reported.replace('\'', '"')).orElseThrow();

        assertThat(ChatUsage.of(raw))
                .extracting(
                        Usage::input,
                        Usage::output,
                        Usage::total,
                        Usage::cachedInput,
                        Usage::cacheWrite,
                        Usage::reasoning,
                        Usage::raw)
                .containsExactly(input, output, total, cached, written, reasoning, raw);
    }

    @Test
    void tokensOfEachKindAreKeptApart() {
        var raw =
                """
                {"prompt_tokens":18,"completion_tokens":24,"total_tokens":42,
                 "prompt_tokens_details":{"audio_tokens":1,"text_tokens":2,"image_tokens":3},
                 "completion_tokens_details":{"audio_tokens":4,"text_tokens":5,"image_tokens":6}}
                """;

        assertThat(ChatUsage.of(ProviderJson.object(raw).orElseThrow()))
                .extracting(
                        Usage::audioInput,
                        Usage::textInput,
                        Usage::imageInput,
                        Usage::audioOutput,
                        Usage::textOutput,
                        Usage::imageOutput)
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void nothingReportedIsNothing() {
        assertThat(ChatUsage.of(null)).isNull();
    }
}
