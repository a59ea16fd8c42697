package penstock.probe;

import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.PrintWriter;
import java.io.StringWriter;

/** An answer that is bad news: a kind for programs, a sentence for people, and the stack trace that stands behind it. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final String kind;

    Refusal(String kind, String message) {
        this(kind, message, null);
    }

    Refusal(String kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Whatever nobody foresaw is a fault of the probe or of its installation, and says so. */
    static Refusal of(Throwable problem) {
        return problem instanceof Refusal ? (Refusal) problem : new Refusal("PROBE_FAILED", problem.toString(), problem);
    }

    ObjectNode toJson() {
        // The user's exception, not the probe's wrapping, is what a launch would have shown.
        Throwable shown = getCause() == null ? this : getCause();
        StringWriter trace = new StringWriter();
        shown.printStackTrace(new PrintWriter(trace, true));
        return Output.object()
                .put("ok", false)
                .put("kind", kind)
                .put("message", getMessage())
                .put("exception", trace.toString());
    }

    @Override
    public String toString() {
        return kind + ": " + getMessage();
    }
}
