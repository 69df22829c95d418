package io.tidemark.standalone;

import io.tidemark.standalone.client.ReceivedEvent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Readers that block: a virtual thread for each. */
final class ReaderThreads implements ForeignReaders {
    /** Reads one stream to its end, or until it is interrupted. */
    interface Reader {
        void read(String url, Consumer<ReceivedEvent> takenIn) throws Exception;
    }

    private final List<List<ReceivedEvent>> received = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private ReaderThreads() {}

    static ReaderThreads start(List<String> urls, Reader reader) {
        var readers = new ReaderThreads();
        for (var url : urls) {
            var events = new CopyOnWriteArrayList<ReceivedEvent>();
            readers.received.add(events);
            readers.threads.add(Thread.startVirtualThread(() -> read(reader, url, events::add)));
        }
        return readers;
    }

    private static void read(Reader reader, String url, Consumer<ReceivedEvent> takenIn) {
        try {
            reader.read(url, takenIn);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new AssertionError("a reader failed", e);
        }
    }

    @Override
    public List<List<ReceivedEvent>> received() {
        return received.stream().<List<ReceivedEvent>>map(List::copyOf).toList();
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
