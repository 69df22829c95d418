package io.tidemark.devkit.internal;

import java.time.Instant;

/**
 * Everything an API needs to write an answer. Confined to one thread.
 *
 * @param request what was asked
 * @param reply what the model says
 * @param ids where ids come from
 * @param createdAt when the answer is made
 * @param requestId what the answer's head calls the request
 */
record Turn(
        ModelRequest request, Reply reply, SeededIds ids, Instant createdAt, String requestId) {}
