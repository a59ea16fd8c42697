package penstock.trials;

import java.lang.reflect.Field;
import java.lang.reflect.Method;

/** A {@code main} that takes memory beside the heap, which no {@code -Xmx} bounds: {@code Hoards <megabytes>}. */
public final class Hoards {
    private static final long PIECE = 64L << 20;

    private Hoards() {}

    /** Takes it and says so. */
    public static void main(String[] args) throws ReflectiveOperationException {
        Class<?> type = Class.forName("sun.misc.Unsafe");
        Field field = type.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        Object unsafe = field.get(null);
        Method allocate = type.getMethod("allocateMemory", long.class);
        Method fill = type.getMethod("setMemory", long.class, long.class, byte.class);
        long wanted = Long.parseLong(args[0]) << 20;
        for (long taken = 0; taken < wanted; taken += PIECE) {
            fill.invoke(unsafe, allocate.invoke(unsafe, PIECE), PIECE, (byte) 1);
        }
        throw new IllegalStateException("All " + args[0] + " MB are taken");
    }
}
