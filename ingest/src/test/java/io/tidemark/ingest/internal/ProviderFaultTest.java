package io.tidemark.ingest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.schemas.LifecycleBody.Failed;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class ProviderFaultTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "401 | {} | authentication_failed",
                "402 | {} | quota_exhausted",
                "403 | {} | permission_denied",
                "404 | {} | not_found",
                "400 | {} | invalid_request",
                "413 | {} | invalid_request",
                "422 | {} | invalid_request",
                "409 | {} | invalid_request",
                "408 | {} | provider_timeout",
                "504 | {} | provider_timeout",
                "429 | {} | rate_limited",
                "503 | {} | provider_overloaded",
                "529 | {} | provider_overloaded",
                "500 | {} | provider_error",
                "502 | {} | provider_error",
                "429 | {'error':{'type':'insufficient_quota','code':'insufficient_quota'}} | quota_exhausted",
                "429 | {'error':{'type':'insufficient_quota'}} | quota_exhausted",
                "401 | {'error':{'type':'invalid_request_error','code':'invalid_api_key'}} | authentication_failed",
                "404 | {'error':{'type':'invalid_request_error','code':'model_not_found'}} | not_found",
                "404 | {'error':{'type':'invalid_request_error','code':null}} | not_found",
                "400 | {'error':{'type':'invalid_request_error','code':'context_length_exceeded'}} | context_length_exceeded",
                "400 | {'error':{'code':'content_filter','message':'no'}} | content_blocked",
                "400 | {'error':{'code':'invalid_image_url'}} | invalid_request",
                "500 | {'error':{'code':'image_content_policy_violation'}} | content_blocked",
                "429 | {'error':{'code':429,'status':'RESOURCE_EXHAUSTED'}} | rate_limited",
                "400 | [{'error':{'code':400,'status':'INVALID_ARGUMENT'}}] | invalid_request",
                "400 | {'error':{'code':400,'status':'INVALID_ARGUMENT','details':[{'@type':'x'},{'reason':'API_KEY_INVALID'}]}} | authentication_failed",
                "501 | {'error':{'code':501,'status':'UNIMPLEMENTED'}} | invalid_request",
                "500 | {'__type':'ThrottlingException'} | rate_limited",
                "500 | {'type':'error','error':{'type':'overloaded_error'}} | provider_overloaded",
                "503 | {'error':{'type':'server_error'}} | provider_overloaded",
                "500 | {'error':{'type':'server_error','code':'server_error'}} | provider_error",
                "418 | 'teapot' | invalid_request",
                "503 | {'error':{'code':400}} | provider_overloaded",
                "200 | {'error':{'type':'invalid_request_error'}} | invalid_request",
                "400 | {'error':{'code':'429','status':'INVALID_ARGUMENT'}} | invalid_request"
            })
    void namesARefusalByItsCodeThenItsTypeThenItsStatus(int status, String body, String code) {
        var json = ProviderJson.value(body.replace('\'', '"')).orElseThrow();

        assertThat(ProviderFault.refusal(status, json, null).failed(false, null).code())
                .isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "server_error, provider_error",
        "rate_limit_exceeded, rate_limited",
        "invalid_prompt, invalid_request",
        "data_residency_mismatch, permission_denied",
        "bio_policy, content_blocked",
        "misalignment_policy_violation, content_blocked",
        "vector_store_timeout, provider_timeout",
        "empty_image_file, invalid_request",
        "failed_to_download_image, invalid_request",
        "previous_response_not_found, not_found",
        "server_is_overloaded, provider_overloaded",
        "slow_down, provider_overloaded",
        "too_many_requests, rate_limited",
        "Server_Error, provider_error",
        "INVALID_REQUEST_ERROR, invalid_request",
        "Invalid_Image_Url, invalid_request",
        "400, invalid_request",
        "429, rate_limited",
        "503, provider_overloaded",
        "200, provider_error",
        "InvalidApiKey, authentication_failed",
        "exceeded_current_quota_error, quota_exhausted",
        "Arrearage, quota_exhausted",
        "rate_limit_reached_error, rate_limited",
        "Throttling.RateQuota, rate_limited",
        "engine_overloaded_error, provider_overloaded",
        "insufficient_system_resource, provider_overloaded",
        "exceed_context_size_error, context_length_exceeded",
        "data_inspection_failed, content_blocked",
        "something_new, provider_error"
    })
    void namesAnErrorInTheStreamByItsCode(String providerCode, String code) {
        var fault = ProviderFault.inStream(new ProviderError(null, providerCode, null));

        assertThat(fault.failed(true, null))
                .extracting(Failed::code, Failed::providerCode, Failed::partial)
                .containsExactly(code, providerCode, true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'code':'400','message':'No.'} | 400 | invalid_request",
                "{'code':500} | 500 | provider_error",
                "{'error_code':'REQUEST_LIMIT_EXCEEDED','message':'Later.'} | REQUEST_LIMIT_EXCEEDED | rate_limited",
                "{'error':{'message':'No.','status_code':400}} | 400 | invalid_request",
                "{'error':{'code':429,'message':'Later.'}} | 429 | rate_limited",
                "{'error':{'code':429,'status':'RESOURCE_EXHAUSTED'}} | RESOURCE_EXHAUSTED | rate_limited",
                "{'error':{'code':'401','status':'UNAUTHENTICATED'}} | UNAUTHENTICATED | authentication_failed",
                "{'error':{'code':503,'type':'insufficient_quota'}} | 503 | quota_exhausted",
                "{'error':{'code':401,'type':'invalid_request_error'}} | 401 | authentication_failed"
            })
    void takesANumberForACodeWhereThereIsNoWord(String body, String providerCode, String code) {
        var json = ProviderJson.value(body.replace('\'', '"')).orElseThrow();

        assertThat(ProviderFault.inStream(ProviderError.of(json)).failed(false, null))
                .extracting(Failed::providerCode, Failed::code)
                .containsExactly(providerCode, code);
    }

    @Test
    void keepsWhatTheProviderSaidAndAsked() {
        var body =
                ProviderJson.value(
                        """
                        {"error":{"type":"rate_limit_error","code":"rate_limit_exceeded","message":"Slow down."}}
                        """);

        var failed =
                ProviderFault.refusal(429, body.orElseThrow(), Duration.ofSeconds(2))
                        .failed(false, null);

        assertThat(failed)
                .isEqualTo(
                        new Failed(
                                "rate_limited",
                                "Slow down.",
                                true,
                                2000L,
                                false,
                                429,
                                "rate_limit_exceeded",
                                "rate_limit_error",
                                null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'error':{'details':[{'reason':'x'},{'retryDelay':'34.5s'}]}} | 34500",
                "[{'error':{'details':[{'retryDelay':'2s'}]}}] | 2000",
                "{'error':{'details':[{'retryDelay':'999999999s'}]}} | 86400000",
                "{'error':{'details':[{'retryDelay':'soon'}]}} | ",
                "{'error':{'details':{'retryDelay':7}}} | ",
                "{} | "
            })
    void waitsAsLongAsTheBodyAsksWhereNoHeaderDoes(String body, @Nullable Long millis) {
        var json = ProviderJson.value(body.replace('\'', '"')).orElseThrow();

        assertThat(ProviderFault.refusal(429, json, null).failed(false, null).retryAfterMs())
                .isEqualTo(millis);
        assertThat(
                        ProviderFault.refusal(429, json, Duration.ofSeconds(1))
                                .failed(false, null)
                                .retryAfterMs())
                .isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource({
        "Incorrect API key provided: sk-proj-abcdefghijkl1234, Incorrect API key provided: [redacted]",
        "bad header Bearer abc.def, bad header [redacted]"
    })
    void blotsOutCredentials(String said, String passedOn) {
        var failed =
                ProviderFault.inStream(new ProviderError(null, null, said)).failed(false, null);

        assertThat(failed.message()).isEqualTo(passedOn);
    }

    @Test
    void shortensLongMessages() {
        var fault = ProviderFault.inStream(new ProviderError(null, null, "x".repeat(10_000)));

        assertThat(fault.failed(false, null).message())
                .hasSize(ProviderFault.MESSAGE_CHARS_MAX + 1);
    }

    @Test
    void shortensAndBlotsOutTheProvidersCodesToo() {
        var error = new ProviderError("t".repeat(10_000), "sk-proj-abcdefghijkl1234", "No.");

        var failed = ProviderFault.inStream(error).failed(false, null);

        assertThat(failed.providerErrorType()).hasSize(ProviderFault.CODE_CHARS_MAX + 1);
        assertThat(failed.providerCode()).doesNotContain("abcdefghijkl1234");
    }

    @Test
    void hasWordsOfItsOwnWhereTheProviderHasNone() {
        assertThat(ProviderFault.refusal(500, null, null).failed(false, null).message())
                .isEqualTo("The provider answered with HTTP status 500.");
    }

    @Test
    void namesTheRequestOfABodyThatDoes() {
        var body =
                ProviderJson.object("{\"error\":{\"message\":\"No.\"},\"request_id\":\"req_1\"}");

        assertThat(ProviderFault.refusal(500, body.orElseThrow(), null).failed(false, null))
                .extracting(Failed::providerRequestId)
                .isEqualTo("req_1");
    }
}
