package io.tidemark.edge.internal.access;

import io.tidemark.schemas.StreamId;

import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, as far as a capability may be good for it.
 *
 * @param stream the stream that its path names; null if it names none
 * @param scope what a capability must be good for; null if none is
 */
public record Asked(@Nullable StreamId stream, @Nullable Scope scope) {}
