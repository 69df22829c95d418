package io.tidemark.ingest.internal.chat;

import io.tidemark.ingest.internal.Preparation.Prepared;
import io.tidemark.ingest.internal.ProviderApi.KeyHeader;
import io.tidemark.ingest.internal.output.RequestContract;

import java.util.stream.Stream;

/** Chat Completions: messages, and usage that has to be asked for. */
class ChatApiTest extends RequestContract {
    ChatApiTest() {
        super(new ChatApi(), "openai.chat", KeyHeader.BEARER);
    }

    @Override
    protected Stream<Sent> sent() {
        return Stream.of(
                row(
                        "{'model':'m','messages':[{}]}",
                        "{'model':'m','messages':[{}],'stream':true,'stream_options':{'include_usage':true}}"),
                row(
                        "{'model':'m','messages':[{}],'stream':false}",
                        "{'model':'m','messages':[{}],'stream':true,'stream_options':{'include_usage':true}}"),
                row(
                        "{'model':'m','messages':[{}],'stream_options':null}",
                        "{'model':'m','messages':[{}],'stream':true}"),
                row(
                        "{'model':'m','messages':[{}],'stream_options':{'include_usage':false}}",
                        "{'model':'m','messages':[{}],'stream':true,'stream_options':{'include_usage':false}}"),
                row(
                        "{'model':'m','messages':[{}],'stream_options':{'other':1}}",
                        "{'model':'m','messages':[{}],'stream':true,'stream_options':{'other':1,'include_usage':true}}"),
                row(
                        "{'model':'m','messages':[{}],'temperature':0.10,'new':{'x':[]}}",
                        "{'model':'m','messages':[{}],'temperature':0.10,'new':{'x':[]},'stream':true,'stream_options':{'include_usage':true}}"));
    }

    private static Sent row(String request, String body) {
        return new Sent(request, new Prepared("/chat/completions", "m", json(body)));
    }

    @Override
    protected Stream<Unsent> unsent() {
        return Stream.of(
                new Unsent("{'model':'m'}", "request.messages", NON_EMPTY_ARRAY),
                new Unsent("{'model':'m','messages':[]}", "request.messages", NON_EMPTY_ARRAY),
                new Unsent("{'model':'m','messages':'hi'}", "request.messages", NON_EMPTY_ARRAY),
                new Unsent("{'model':'m','messages':null}", "request.messages", NON_EMPTY_ARRAY),
                new Unsent(
                        "{'model':'m','messages':[{}],'stream_options':true}",
                        "request.stream_options",
                        "must be an object"));
    }
}
