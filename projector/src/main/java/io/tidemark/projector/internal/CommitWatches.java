package io.tidemark.projector.internal;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The {@link CommitWatch}es of an instance, one for each partition that it has, and the stores that
 * tell them what was written. Thread-safe.
 */
final class CommitWatches {
    private final ConcurrentHashMap<TaskId, CommitWatch> watches = new ConcurrentHashMap<>();

    /** That of a task; of one without a store that is watched it never counts any. */
    CommitWatch of(TaskId task) {
        return watches.computeIfAbsent(task, _ -> new CommitWatch());
    }

    /** Stores that tell the watch of their task what is put into them. */
    KeyValueBytesStoreSupplier watching(KeyValueBytesStoreSupplier stores) {
        return new KeyValueBytesStoreSupplier() {
            @Override
            public String name() {
                return stores.name();
            }

            @Override
            public KeyValueStore<Bytes, byte[]> get() {
                return watched(stores.get());
            }

            @Override
            public String metricsScope() {
                return stores.metricsScope();
            }
        };
    }

    /* A proxy, so that what Kafka Streams may add to the interface goes through as well. */
    @SuppressWarnings("unchecked") // a proxy of the interface it was made for
    private KeyValueStore<Bytes, byte[]> watched(KeyValueStore<Bytes, byte[]> store) {
        return (KeyValueStore<Bytes, byte[]>)
                Proxy.newProxyInstance(
                        CommitWatches.class.getClassLoader(),
                        new Class<?>[] {KeyValueStore.class},
                        new Calls(store)::call);
    }

    private final class Calls {
        private final KeyValueStore<Bytes, byte[]> store;
        private @Nullable TaskId task;
        private CommitWatch watch = new CommitWatch();

        Calls(KeyValueStore<Bytes, byte[]> store) {
            this.store = store;
        }

        Object call(Object proxy, Method method, Object[] arguments) throws Throwable {
            switch (method.getName()) {
                case "init" -> begin(((StateStoreContext) arguments[0]).taskId());
                case "put" -> watch.written(((Bytes) arguments[0]).get());
                case "close" -> end();
                default -> {
                    /* Says nothing of commits. */
                }
            }
            try {
                return method.invoke(store, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        private void begin(TaskId of) {
            task = of;
            watch = CommitWatches.this.of(of);
        }

        /* The task may have come back by now, to another thread, with a watch of its own. */
        private void end() {
            if (task != null) {
                watches.remove(task, watch);
            }
        }
    }
}
