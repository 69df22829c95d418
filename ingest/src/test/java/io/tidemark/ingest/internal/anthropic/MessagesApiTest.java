package io.tidemark.ingest.internal.anthropic;

import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderApi.KeyHeader;
import io.tidemark.ingest.internal.RequestBody;
import io.tidemark.ingest.internal.RequestPath;
import io.tidemark.ingest.internal.output.RequestContract;

import java.util.Map;
import java.util.stream.Stream;

/** The Messages API: messages, and a limit of their answer. */
class MessagesApiTest extends RequestContract {
    private static final String POSITIVE = "must be a positive integer";

    MessagesApiTest() {
        super(new MessagesApi(), "anthropic.messages", new KeyHeader("x-api-key", ""));
    }

    @Override
    protected Stream<Sent> sent() {
        return Stream.of(
                row(
                        "{'model':'m','max_tokens':1,'messages':[{}]}",
                        "{'model':'m','max_tokens':1,'messages':[{}],'stream':true}"),
                row(
                        "{'model':'m','max_tokens':1,'messages':[{}],'stream':false}",
                        "{'model':'m','max_tokens':1,'messages':[{}],'stream':true}"),
                row(
                        "{'model':'m','max_tokens':99999999999999999999,'messages':[{}],'other':0.10}",
                        "{'model':'m','max_tokens':99999999999999999999,'messages':[{}],'other':0.10,'stream':true}"));
    }

    private static Sent row(String request, String body) {
        return new Sent(
                request,
                new Prepared(
                        new RequestPath("v1", "/messages"),
                        "m",
                        new RequestBody.Json(json(body)),
                        Map.of("anthropic-version", "2023-06-01")));
    }

    @Override
    protected Stream<Unsent> unsent() {
        return Stream.of(
                new Unsent("{'model':'m'}", "request.max_tokens", POSITIVE),
                new Unsent("{'model':'m','max_tokens':null}", "request.max_tokens", POSITIVE),
                new Unsent("{'model':'m','max_tokens':'9'}", "request.max_tokens", POSITIVE),
                new Unsent("{'model':'m','max_tokens':0}", "request.max_tokens", POSITIVE),
                new Unsent("{'model':'m','max_tokens':-1}", "request.max_tokens", POSITIVE),
                new Unsent("{'model':'m','max_tokens':1.5}", "request.max_tokens", POSITIVE),
                new Unsent("{'model':'m','max_tokens':1}", "request.messages", NON_EMPTY_ARRAY),
                new Unsent(
                        "{'model':'m','max_tokens':1,'messages':{}}",
                        "request.messages",
                        NON_EMPTY_ARRAY),
                new Unsent(
                        "{'model':'m','max_tokens':1,'messages':[]}",
                        "request.messages",
                        NON_EMPTY_ARRAY));
    }
}
