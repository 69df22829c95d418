package io.tidemark.ingest.internal.responses;

import io.tidemark.ingest.internal.output.DialectContract;

import java.nio.charset.StandardCharsets;

/** The Responses API keeps what every dialect keeps. */
class ResponsesContractTest extends DialectContract {
    ResponsesContractTest() {
        super(new ResponsesApi(), "responses");
    }

    @Override
    protected String richStream() {
        return new String(RichStream.bytes(), StandardCharsets.UTF_8);
    }

    @Override
    protected boolean saysItsEnd(String prefix) {
        return prefix.contains("response.completed")
                || prefix.contains("response.done")
                || prefix.contains("[DONE]");
    }
}
