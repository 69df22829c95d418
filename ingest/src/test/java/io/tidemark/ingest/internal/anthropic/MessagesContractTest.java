package io.tidemark.ingest.internal.anthropic;

import io.tidemark.ingest.internal.output.DialectContract;

/** The Messages API keeps what every dialect keeps. */
class MessagesContractTest extends DialectContract {
    MessagesContractTest() {
        super(new MessagesApi(), "anthropic");
    }

    @Override
    protected String richStream() {
        return RichStream.text();
    }

    @Override
    protected boolean saysItsEnd(String prefix) {
        return prefix.contains("message_stop") || prefix.contains("[DONE]");
    }
}
