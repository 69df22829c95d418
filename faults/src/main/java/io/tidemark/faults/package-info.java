/**
 * The fault suite: an installation of real processes under load, and a seeded plan of what is done
 * to it; {@code docs/faults.md} says how to read what comes out.
 *
 * <p>Every role and every broker is a process of its own, which can be killed, stopped and started
 * again; what runs here is the load, the proxies that stand for the network, and the judgement at
 * the end. The load has a virtual thread for each stream; faults have one each while they last.
 */
@NullMarked
package io.tidemark.faults;

import org.jspecify.annotations.NullMarked;
