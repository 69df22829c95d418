package io.tidemark.ingest.internal.chat;

import io.tidemark.ingest.internal.output.DialectContract;

import java.util.regex.Pattern;

/** Chat Completions keep what every dialect keeps. */
class ChatContractTest extends DialectContract {
    private static final Pattern END = Pattern.compile("\"finish_reason\": ?\"|\\[DONE]");

    ChatContractTest() {
        super(new ChatApi(), "chat");
    }

    @Override
    protected String richStream() {
        return RichStream.text();
    }

    @Override
    protected boolean saysItsEnd(String prefix) {
        return END.matcher(prefix).find();
    }
}
