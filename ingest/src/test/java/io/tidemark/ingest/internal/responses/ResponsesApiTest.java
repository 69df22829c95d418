package io.tidemark.ingest.internal.responses;

import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderApi.KeyHeader;
import io.tidemark.ingest.internal.output.RequestContract;

import java.util.stream.Stream;

/** The Responses API: no padding unless it is wanted. */
class ResponsesApiTest extends RequestContract {
    ResponsesApiTest() {
        super(new ResponsesApi(), "openai.responses", KeyHeader.BEARER);
    }

    @Override
    protected Stream<Sent> sent() {
        return Stream.of(
                row(
                        "{'model':'m'}",
                        "{'model':'m','stream':true,'stream_options':{'include_obfuscation':false}}"),
                row(
                        "{'model':'m','input':'hi'}",
                        "{'model':'m','input':'hi','stream':true,'stream_options':{'include_obfuscation':false}}"),
                row(
                        "{'model':'m','stream':false}",
                        "{'model':'m','stream':true,'stream_options':{'include_obfuscation':false}}"),
                row("{'model':'m','stream_options':null}", "{'model':'m','stream':true}"),
                row(
                        "{'model':'m','stream_options':{'include_obfuscation':true}}",
                        "{'model':'m','stream':true,'stream_options':{'include_obfuscation':true}}"),
                row(
                        "{'model':'m','stream_options':{'other':1}}",
                        "{'model':'m','stream':true,'stream_options':{'other':1,'include_obfuscation':false}}"),
                row(
                        "{'model':'m','temperature':0.10}",
                        "{'model':'m','temperature':0.10,'stream':true,'stream_options':{'include_obfuscation':false}}"));
    }

    private static Sent row(String request, String body) {
        return new Sent(request, new Prepared("/responses", "m", json(body)));
    }

    @Override
    protected Stream<Unsent> unsent() {
        return Stream.of(
                new Unsent(
                        "{'model':'m','stream_options':true}",
                        "request.stream_options",
                        "must be an object"));
    }
}
