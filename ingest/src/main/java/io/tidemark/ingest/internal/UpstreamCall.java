package io.tidemark.ingest.internal;

import org.jspecify.annotations.Nullable;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One request to a provider and the answer as it comes in, told to a mailbox.
 *
 * <p>Holds at most one chunk of the body: the next is asked for by {@link #more}, so a stream whose
 * log is slow stops reading its socket, and the provider's sending stops with it. {@link #close}
 * works at any time and from any thread, also while nobody waits for bytes, and closes the
 * connection (HTTP/1.1) or resets the stream (HTTP/2). The other side sees the end of our stream at
 * once; one that does not look and only writes sees its writes fail when the client's selector has
 * turned once more, which takes three seconds at most. Thread-safe.
 */
final class UpstreamCall implements AutoCloseable {
    private enum State {
        OPEN,
        /**
         * The last was told. The connection may serve another call by now: it is not ours to close.
         */
        OVER,
        CLOSED
    }

    private final Mailbox mailbox;
    private final AtomicReference<@Nullable Subscription> body = new AtomicReference<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private final CompletableFuture<?> exchange;

    UpstreamCall(HttpClient client, HttpRequest request, Mailbox mailbox) {
        this.mailbox = mailbox;
        /* Futures derived from the client's are as cancellable as its own. */
        this.exchange =
                client.sendAsync(request, this::answered)
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                last(new Arrival.Lost(failure));
                            }
                        });
    }

    /** Asks for the next chunk of the body. */
    void more() {
        var subscription = body.get();
        if (subscription != null) {
            subscription.request(1);
        }
    }

    /** Ends the call, whatever it is doing. Idempotent; does not block. */
    @Override
    public void close() {
        if (!state.compareAndSet(State.OPEN, State.CLOSED)) {
            return;
        }
        var subscription = body.get();
        if (subscription != null) {
            subscription.cancel();
        }
        exchange.cancel(true);
    }

    private BodySubscriber<Void> answered(HttpResponse.ResponseInfo info) {
        if (isOpen()) {
            mailbox.post(new Arrival.Head(info.statusCode(), info.headers()));
        }
        return new Body();
    }

    private boolean isOpen() {
        return state.get() == State.OPEN;
    }

    private void last(Arrival arrival) {
        if (state.compareAndSet(State.OPEN, State.OVER)) {
            mailbox.post(arrival);
        }
    }

    private final class Body implements BodySubscriber<Void> {
        private final CompletableFuture<Void> whole = new CompletableFuture<>();

        @Override
        public CompletionStage<Void> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            body.set(subscription);
            if (isOpen()) {
                subscription.request(1);
            } else {
                subscription.cancel();
            }
        }

        @Override
        public void onNext(List<ByteBuffer> chunks) {
            if (isOpen()) {
                mailbox.post(new Arrival.Bytes(chunks));
            }
        }

        @Override
        public void onError(Throwable failure) {
            last(new Arrival.Lost(failure));
            whole.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            last(new Arrival.End());
            whole.complete(null);
        }
    }
}
