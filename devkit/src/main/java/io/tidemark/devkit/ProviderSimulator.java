package io.tidemark.devkit;

import io.tidemark.devkit.internal.Listener;
import io.tidemark.devkit.internal.Scenarios;
import io.tidemark.devkit.internal.SimulatorConnections;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * A provider that is not one: speaks the APIs of real ones, on 127.0.0.1 unless it is told
 * otherwise, as a stream or whole, with authored answers, at a person's pace or none, and fails in
 * the ways that networks and providers fail when it is asked to.
 *
 * <table>
 *   <caption>APIs</caption>
 *   <tr><th>path</th><th>API</th><th>base URL of its clients</th><th>entries in</th></tr>
 *   <tr><td>{@code /v1/responses}</td><td>OpenAI Responses</td>
 *       <td>{@link #baseUrl()}</td><td>{@code metadata}</td></tr>
 *   <tr><td>{@code /v1/chat/completions}</td><td>OpenAI Chat Completions</td>
 *       <td>{@link #baseUrl()}</td><td>{@code metadata}</td></tr>
 *   <tr><td>{@code /v1/audio/transcriptions}</td><td>OpenAI transcriptions, a form or JSON</td>
 *       <td>{@link #baseUrl()}</td><td>the form, or JSON's {@code metadata}</td></tr>
 *   <tr><td>{@code /v1/messages}</td><td>Anthropic Messages</td>
 *       <td>{@link #origin()}; Anthropic's SDKs add {@code /v1}</td><td>{@code metadata}</td></tr>
 *   <tr><td>{@code /v1beta/models/MODEL:streamGenerateContent}, {@code :generateContent}, and the
 *       same below {@code /v1}</td><td>Gemini, as events with {@code alt=sse}, else as an array</td>
 *       <td>{@link #geminiBaseUrl()}; Google's own SDKs take {@link #origin()} and add
 *       {@code /v1beta}</td><td>{@code labels}</td></tr>
 * </table>
 *
 * <p>What it answers is chosen by the {@code model}: {@code sim-answer} (also any name it does not
 * know), {@code sim-unicode}, {@code sim-reasoning}, {@code sim-tool}, {@code sim-refusal}, {@code
 * sim-max-tokens}, {@code sim-filter} (a content filter cuts in), {@code sim-fail}, {@code
 * sim-long}, {@code sim-clock} (tokens are {@link System#nanoTime} when they are sent), or {@code
 * recording:PATH} for the bytes of a recorded body, whichever API it was recorded from. What an API
 * has no form for is told in the nearest it has: a refusal is text that safety stops in Gemini, and
 * a transcript has neither thoughts nor calls. Pace, length, faults and chunking of one request can
 * be set by entries of its metadata, whose values are strings:
 *
 * <table>
 *   <caption>Entries</caption>
 *   <tr><th>key</th><th>value</th></tr>
 *   <tr><td>{@code sim_ttft_ms}</td><td>time to the first token</td></tr>
 *   <tr><td>{@code sim_token_ms}</td><td>time from token to token; in recordings, from frame to
 *       frame</td></tr>
 *   <tr><td>{@code sim_punctual}</td><td>{@code true}: tokens keep to their times, and what was held
 *       up comes in a burst; {@code sim-clock} tells when each was due</td></tr>
 *   <tr><td>{@code sim_tokens}</td><td>how many tokens of text</td></tr>
 *   <tr><td>{@code sim_fault}</td><td>{@code reset}, {@code stall}, {@code eof}, {@code malformed},
 *       {@code status}, {@code gzip} (a status whose body is compressed), {@code redirect}, {@code
 *       content_type} (the wrong one), {@code drip}, {@code huge}, {@code endless}, {@code items},
 *       {@code split} (into single bytes, if nothing else is said)</td></tr>
 *   <tr><td>{@code sim_fault_after_bytes}</td><td>bytes of body before it, 0 by default; -1 for
 *       before the status line</td></tr>
 *   <tr><td>{@code sim_fault_times}</td><td>how many attempts get it; all by default</td></tr>
 *   <tr><td>{@code sim_fail_first}</td><td>how many attempts get an error status before all
 *       that, with {@code sim_status}, 503 by default, and {@code sim_retry_after}, 1 by
 *       default</td></tr>
 *   <tr><td>{@code sim_series}</td><td>any name: attempts are the requests that bear it, and
 *       else those with the same path and body, which forms seldom have</td></tr>
 *   <tr><td>{@code sim_status}, {@code sim_retry_after}</td><td>of {@code status} and {@code gzip}:
 *       500 and no header by default</td></tr>
 *   <tr><td>{@code sim_status}, {@code sim_location}</td><td>of {@code redirect}: 307 and a host
 *       that does not exist by default</td></tr>
 *   <tr><td>{@code sim_content_type}</td><td>of {@code content_type}; {@code text/html} by
 *       default</td></tr>
 *   <tr><td>{@code sim_drip_ms}</td><td>from byte to byte, 1,000 by default</td></tr>
 *   <tr><td>{@code sim_huge_bytes}</td><td>how long the one token is, 100 MiB by default</td></tr>
 *   <tr><td>{@code sim_items}</td><td>how many, 10,000 by default</td></tr>
 *   <tr><td>{@code sim_split_every}</td><td>cut the body into chunks of so many bytes</td></tr>
 *   <tr><td>{@code sim_split_seed}, {@code sim_split_max}</td><td>cut it at random, into at most 64
 *       bytes by default</td></tr>
 * </table>
 *
 * <p>Responses in background mode ({@code "background": true}) go on whoever listens, at their
 * pace. They can be asked for ({@code GET /v1/responses/ID}), read as a stream from their beginning
 * ({@code ?stream=true}) or after an event ({@code &starting_after=NUMBER}), and cancelled ({@code
 * POST /v1/responses/ID/cancel}), which ends their stream without a terminal event. Each reading
 * gets the faults of the request that began them, as one more attempt. What they used is counted
 * once, when they have ended, whoever read it. The oldest are forgotten when there are too many.
 *
 * <p>The HTTP server is our own, small and on virtual threads, because the JDK's hides the socket:
 * a reset, a chunk that ends inside a character, and a client that hangs up while nothing is being
 * sent need it. Every connection costs a thread and, during an answer, a second one that watches
 * for the client's end. A client that closes only its sending half counts as gone.
 *
 * <p>Thread-safe.
 */
public final class ProviderSimulator implements AutoCloseable {

    private final SimulatorConnections connections;
    private final Listener listener;

    private ProviderSimulator(SimulatorConnections connections, Listener listener) {
        this.connections = connections;
        this.listener = listener;
    }

    /**
     * Starts a simulator; it takes requests when this returns.
     *
     * @param config how
     * @return the running simulator, to be closed by the caller
     * @throws java.io.UncheckedIOException if the address cannot be had, or the journal cannot be
     *     written
     */
    public static ProviderSimulator start(ProviderSimulatorConfig config) {
        var connections = new SimulatorConnections(config);
        var listener =
                Listener.start(
                        config.host(),
                        config.port(),
                        config.limits().connectionsMax(),
                        "simulator",
                        connections);
        return new ProviderSimulator(connections, listener);
    }

    /** The text that {@code sim-long} answers with, if it is to have so many tokens. */
    public static String longAnswer(int tokens) {
        return String.join("", Scenarios.tale(tokens));
    }

    /** What an OpenAI client takes as its base URL: {@code http://HOST:PORT/v1}. */
    public String baseUrl() {
        return origin() + "/v1";
    }

    /** What a Gemini client takes that adds {@code /models/…}: {@code …:PORT/v1beta}. */
    public String geminiBaseUrl() {
        return origin() + "/v1beta";
    }

    /**
     * What an Anthropic client takes: {@code http://HOST:PORT}. The host is 127.0.0.1 where it
     * listens on any address.
     */
    public String origin() {
        return "http://" + listener.host() + ":" + port();
    }

    /** The port it listens on. */
    public int port() {
        return listener.port();
    }

    /** How many connections are open, idle ones included. */
    public int openConnections() {
        return listener.connections();
    }

    /**
     * Gives the next requests a fault, whatever they ask for themselves. Calls add up; the faults
     * are handed out in order.
     *
     * @param fault what happens
     * @param times to how many requests
     * @throws IllegalArgumentException if more than 10,000 would be waiting
     */
    public void failNext(SimulatedFault fault, int times) {
        connections.faults().queue(fault, times);
    }

    /** Takes back what {@link #failNext} has left. */
    public void failNoMore() {
        connections.faults().clear();
    }

    /**
     * The requests being answered, and the newest of those that were, in the order they came.
     *
     * @return a copy
     */
    public List<SimulatedRequest> requests() {
        return connections.accounts().requests();
    }

    /**
     * Waits until there is a request that fits, and returns the first.
     *
     * @param condition what it has to be like
     * @param timeout how long to wait
     * @throws TimeoutException if there is none by then
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public SimulatedRequest awaitRequest(Predicate<SimulatedRequest> condition, Duration timeout)
            throws InterruptedException, TimeoutException {
        return connections.accounts().await(condition, timeout);
    }

    /**
     * Waits until the answer to a request has ended, in whatever way.
     *
     * @param id the request's {@link SimulatedRequest#id()}
     * @param timeout how long to wait
     * @throws TimeoutException if it has not by then
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public SimulatedRequest awaitClosed(long id, Duration timeout)
            throws InterruptedException, TimeoutException {
        return awaitRequest(request -> request.id() == id && request.ended(), timeout);
    }

    /**
     * The sum of the usage reported in full so far, or generated in background mode. An answer is
     * counted before its account ends, but a client may have read it a moment earlier: await the
     * account first.
     */
    public SimulatedUsage reportedUsage() {
        return connections.accounts().usage();
    }

    /**
     * Forgets the responses in background mode, as if their time were over: they are generated no
     * further, and nobody finds them any more.
     */
    public void forgetResponses() {
        connections.forgetResponses();
    }

    /** Stops listening and breaks all connections; takes 5 s at most. Later calls do nothing. */
    @Override
    public void close() {
        connections.closing();
        listener.close();
        connections.closed();
    }
}
