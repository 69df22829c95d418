package io.tidemark.standalone.load;

import java.io.IOException;

/** What came is no response. */
final class MalformedResponseException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedResponseException(String found) {
        super("expected an HTTP/1.1 response, found " + found);
    }
}
