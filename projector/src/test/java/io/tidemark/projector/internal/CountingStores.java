package io.tidemark.projector.internal;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** In-memory stores that count what reaches them from below the cache. Thread-safe. */
final class CountingStores {
    private static final Set<String> COUNTED =
            Set.of("get", "put", "putIfAbsent", "delete", "range");

    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    long operations() {
        return operations.get();
    }

    long bytesWritten() {
        return bytes.get();
    }

    KeyValueBytesStoreSupplier supplier(String name) {
        var memory = Stores.inMemoryKeyValueStore(name);
        return new KeyValueBytesStoreSupplier() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public KeyValueStore<Bytes, byte[]> get() {
                return counting(memory.get());
            }

            @Override
            public String metricsScope() {
                return memory.metricsScope();
            }
        };
    }

    @SuppressWarnings("unchecked") // a proxy of the interface it was made for
    private KeyValueStore<Bytes, byte[]> counting(KeyValueStore<Bytes, byte[]> store) {
        return (KeyValueStore<Bytes, byte[]>)
                Proxy.newProxyInstance(
                        CountingStores.class.getClassLoader(),
                        new Class<?>[] {KeyValueStore.class},
                        (_, method, arguments) -> call(store, method, arguments));
    }

    private Object call(Object store, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("putAll")) {
            operations.addAndGet(((List<?>) arguments[0]).size());
        }
        if (COUNTED.contains(method.getName())) {
            operations.incrementAndGet();
            if (arguments.length > 1 && arguments[1] instanceof byte[] value) {
                bytes.addAndGet(value.length);
            }
        }
        try {
            return method.invoke(store, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
