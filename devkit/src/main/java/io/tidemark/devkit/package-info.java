/**
 * What a laptop and a test have instead of the real ones: an embedded single-node Kafka, a provider
 * that speaks the APIs of OpenAI, Anthropic and Google with authored scenarios and faults on
 * request, and a TCP proxy that breaks connections. Used by tests and by the standalone command,
 * never by the roles themselves.
 *
 * <p>Each of the three is started by a static factory, owns its threads (virtual ones, except
 * Kafka's), may be used from any thread, and is gone when its {@code close()} returns.
 */
@NullMarked
package io.tidemark.devkit;

import org.jspecify.annotations.NullMarked;
