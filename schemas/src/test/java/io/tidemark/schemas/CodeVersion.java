package io.tidemark.schemas;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One version of the code that reads and writes records: today's, or one that was kept as a jar.
 * Both are reached by names alone, so that the same tests hold for both. The libraries are today's.
 */
final class CodeVersion {
    private static final String PACKAGE = CodeVersion.class.getPackageName() + ".";

    private final String name;
    private final ClassLoader loader;

    private CodeVersion(String name, ClassLoader loader) {
        this.name = name;
        this.loader = loader;
    }

    static CodeVersion today() {
        return new CodeVersion("today", CodeVersion.class.getClassLoader());
    }

    static CodeVersion kept(Path jar) {
        try {
            var url = jar.toUri().toURL();
            return new CodeVersion(
                    String.valueOf(jar.getName(jar.getNameCount() - 2)), new OwnFirst(url));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the classes of the contract from the jar and from nowhere else. */
    private static final class OwnFirst extends URLClassLoader {
        OwnFirst(URL jar) {
            super(new URL[] {jar}, CodeVersion.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String className, boolean resolve)
                throws ClassNotFoundException {
            if (!className.startsWith(PACKAGE)) {
                return super.loadClass(className, resolve);
            }
            synchronized (getClassLoadingLock(className)) {
                var loaded = findLoadedClass(className);
                return loaded == null ? findClass(className) : loaded;
            }
        }
    }

    /** Whether there is a class of that name. */
    boolean has(String simpleName) {
        try {
            Class.forName(PACKAGE + simpleName, false, loader);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    Class<?> type(String simpleName) {
        try {
            return Class.forName(PACKAGE + simpleName, true, loader);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(name + " has no class " + simpleName, e);
        }
    }

    /** A static method's result. */
    Object call(String simpleName, String method, Object... arguments) {
        return invoke(type(simpleName), null, method, arguments);
    }

    /** A new object of a class that needs nothing. */
    Object make(String simpleName) {
        try {
            return type(simpleName).getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(name + " cannot make a " + simpleName, e);
        }
    }

    /** A method's result. */
    static Object ask(Object target, String method, Object... arguments) {
        return invoke(target.getClass(), target, method, arguments);
    }

    private static Object invoke(
            Class<?> type, @Nullable Object target, String method, Object... arguments) {
        var found =
                methods(type)
                        .filter(it -> it.getName().equals(method) && takes(it, arguments))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(type + " has no such " + method));
        try {
            return found.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException ours) {
                throw ours;
            }
            throw new AssertionError(e);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    /* Those of a class that is public; a record that is not has those of its interfaces. */
    private static Stream<Method> methods(Class<?> type) {
        return Stream.concat(Stream.of(type), Arrays.stream(type.getInterfaces()))
                .flatMap(it -> Arrays.stream(it.getMethods()));
    }

    private static boolean takes(Method method, Object... arguments) {
        var types = method.getParameterTypes();
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            var boxed = MethodType.methodType(types[i]).wrap().returnType();
            if (!boxed.isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether it knows a type of event. */
    boolean knowsEvent(String type) {
        return ((Optional<?>) call("EventType", "named", type)).isPresent();
    }

    @Override
    public String toString() {
        return name;
    }
}
