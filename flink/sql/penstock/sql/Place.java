package penstock.sql;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where Flink says that something is wrong: it says so in its sentences alone. */
final class Place {
    private static final Pattern AT = Pattern.compile("(?:[Ff]rom|at) line (\\d+), column (\\d+)(?: to line \\d+, column \\d+)?");

    private Place() {}

    /** The exception that tells a line and a column, or the innermost one at the beginning of the statement. */
    static Wrong of(Statements.Statement statement, Throwable problem) {
        Throwable innermost = problem;
        for (Throwable one = problem; one != null; one = one.getCause()) {
            innermost = one;
        }
        // What lies deeper says it more plainly.
        Wrong wrong = null;
        for (Throwable one = problem; one != null; one = one.getCause()) {
            String said = String.valueOf(one.getMessage());
            Matcher at = AT.matcher(said);
            if (at.find()) {
                wrong = new Wrong(number(at.group(1)), number(at.group(2)), sentence(said, at), problem);
            }
        }
        if (wrong != null) {
            return wrong;
        }
        String said = innermost.getMessage() == null ? innermost.toString() : innermost.getMessage();
        if (innermost instanceof ClassNotFoundException) {
            said = "There is no class " + said + ". Name the jar that has it in More jars.";
        }
        return new Wrong(statement.line, statement.column, said.strip(), problem);
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }

    /** The sentence without the place that stands before it now. */
    private static String sentence(String said, Matcher at) {
        String behind = said.substring(at.end()).replaceFirst("^[:.,]?\\s*", "");
        String before = said.substring(0, at.start()).strip();
        // "From line 1, column 8 to line 1, column 9: Column 'x' not found", "Encountered "x" at line 1, column 3. Was ...".
        String whole = before.isEmpty() ? behind : before + (behind.isEmpty() ? "" : ". " + behind);
        String plain = whole.replaceFirst("^SQL parse failed\\. ", "").replaceFirst("^SQL validation failed\\. ", "").strip();
        // The parser lists every word that could have stood there.
        int expected = plain.indexOf("Was expecting one of:");
        if (expected >= 0) {
            String[] words = plain.substring(expected).split("\\s*\\.\\.\\.\\s*");
            plain = plain.substring(0, expected) + String.join(", ", Arrays.copyOf(words, Math.min(words.length, 6)))
                    + (words.length > 6 ? ", …" : "");
            plain = plain.replaceAll("\\s+", " ");
        }
        return plain;
    }
}
