/**
 * How the embedded Kafka and the provider simulator are made; nothing here is for use from outside
 * the module. Types that hold sockets or a broker are thread-safe, everything else is immutable or
 * confined to the thread that serves one connection, as each says.
 */
@NullMarked
package io.tidemark.devkit.internal;

import org.jspecify.annotations.NullMarked;
